const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As many as a row of the audit keeps. */
const MOST = 50;

/** The ids in a value, however deep, each once, in the order in which they stand there. */
export const findIds = (value: unknown): string[] => {
  const found = new Set<string>();
  const look = (part: unknown): void => {
    if (found.size >= MOST) return;
    if (typeof part === 'string') {
      if (UUID.test(part)) found.add(part);
    } else if (typeof part === 'object' && part !== null) Object.values(part).forEach(look);
  };
  look(value);
  return [...found];
};
