/**
 * What comes along when a value is copied from a file, a page or a chat. Compose and a shell take it
 * for a part of the value, and the vendor answers "forbidden.": so it is refused by name before.
 */
const ANYWHERE: readonly (readonly [RegExp, string])[] = [
  [/\r/, 'the value holds a carriage return: save the file with Unix line ends'],
  [/^(["'`]).*\1$/s, 'the value has quotes around it: write it without them'],
  [/^\s|\s$/, 'the value begins or ends with a blank: take it away'],
];

const IN_A_KEY: readonly (readonly [RegExp, string])[] = [
  [/#/, 'the value holds a comment (#): put the comment on a line of its own'],
  [/["'`]/, 'the value holds a quote, and no key does'],
  [/[\s\p{Cc}]/u, 'the value holds a blank or a control character, and no key does'],
  [/\$/, 'the value is the name of a variable that nothing has filled in'],
  [
    /^(your|my|enter|insert|paste|change|replace)([-_ ]|[a-z]{1,20}$)|here$|x{4,}|^\*+$|^<.*>$|^\.{3}|^(placeholder|example|todo|none|null|undefined)$|api[-_]?(secret[-_]?)?key/i,
    'the value is a placeholder: put the key there',
  ],
  [/[^\x21-\x7e]/, 'the value holds a character that no key has'],
];

const firstOf = (faults: typeof ANYWHERE, text: string): string | null =>
  faults.find(([pattern]) => pattern.test(text))?.[1] ?? null;

/** What is wrong with a value of any kind; null when nothing is. */
export const copyFault = (text: string): string | null => firstOf(ANYWHERE, text);

/** What is wrong with what should be a key or a secret of a vendor; null when nothing is. */
export const keyFault = (text: string): string | null => firstOf(IN_A_KEY, text);
