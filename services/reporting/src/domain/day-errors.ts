import { inNewYork } from '@catalyst/domain';

export interface DayError {
  at: string;
  kind: 'risk' | 'job' | 'scan' | 'order';
  subject: string;
  words: string;
}

const NAMES = { risk: 'risk', job: 'job', scan: 'scan', order: 'refused order' } as const;

/**
 * One line per fault, oldest first: "09:47 refused order buy 100 ACME: insufficient buying power".
 */
export const errorLines = (errors: readonly DayError[]): string[] =>
  errors
    .map(({ at, kind, subject, words }) => ({
      at,
      line: `${inNewYork(at).clock} ${NAMES[kind]} ${subject}: ${words}`,
    }))
    .toSorted((left, right) =>
      left.at === right.at ? (left.line < right.line ? -1 : 1) : left.at < right.at ? -1 : 1,
    )
    .map(({ line }) => line);
