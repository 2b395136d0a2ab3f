import type { z } from 'zod';

/** A tool's answer to fixed arguments, or to arguments that a URI names, under that URI. */
export interface ResourceView {
  name: string;
  title: string;
  description: string;
  /** A URI, or a template with one {variable}. */
  uri: string;
  /** The tool's arguments for a URI, or null when it is none of this resource's. */
  match(uri: string): Record<string, unknown> | null;
}
type Words = Pick<ResourceView, 'name' | 'title' | 'description'>;

/** One URI for the tool's answer to these arguments. */
export const fixedView = (
  uri: string,
  words: Words,
  given: Record<string, unknown> = {},
): ResourceView => ({ ...words, uri, match: (asked) => (asked === uri ? given : null) });

/** A URI for each value of a variable, which becomes the argument of that name. */
export const templateView = (
  uri: string,
  words: Words,
  variable: z.ZodType<string>,
): ResourceView => {
  const [, argument] = /\{(\w+)\}/.exec(uri)!;
  const [before, after] = uri.split(/\{\w+\}/) as [string, string];
  return {
    ...words,
    uri,
    match: (asked) => {
      if (
        !asked.startsWith(before) ||
        !asked.endsWith(after) ||
        asked.length <= before.length + after.length
      )
        return null;
      const named = variable.safeParse(asked.slice(before.length, asked.length - after.length));
      return named.success ? { [argument!]: named.data } : null;
    },
  };
};
