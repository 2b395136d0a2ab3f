/**
 * For the environment of a program that gets none of ours otherwise: where Node keeps what it
 * compiled and stripped of types, as scripts/setup.mjs chose it. A start takes half the processor
 * time, and an entry is used only for the very text that it was made from.
 */
export const compileCache = (): Record<string, string> => {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
};
