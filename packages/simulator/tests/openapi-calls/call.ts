/**
 * Calls of one operation; those of one list are made in order, and each must be answered with its
 * status.
 */
export type Call = {
  asked: string;
  status?: number;
  body?: unknown;
  except?: (answer: unknown) => unknown;
};
