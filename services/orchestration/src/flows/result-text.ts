/**
 * The JSON of results that many are sent: written once, for the digest of their rows. Whoever has a
 * text kept changes nothing of the result any more.
 */
const texts = new WeakMap<object, string>();

export const keepText = <T extends object>(result: T, text: string): T => {
  texts.set(result, text);
  return result;
};
/** The JSON of a result, as it was kept or written now. */
export const textOf = (result: object): string => texts.get(result) ?? JSON.stringify(result);
