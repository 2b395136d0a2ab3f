/** A number with its noun: 1 candidate, 5 candidates. */
export const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;

/** A stranger's text (a headline, a name) on one line: no control character reaches the terminal. */
export const oneLine = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');
