import { plainText } from './plain-values.ts';
import type { LogLine } from './read-logs.ts';
import type { Terminal } from './terminal.ts';

/** One line of a log for a person; its values are written by others. */
export const describeLogLine = (
  { at, level, service, event, details }: LogLine,
  { colors: { red, yellow, dim } }: Pick<Terminal, 'colors'>,
): string => {
  const plain = plainText(level).padEnd(5);
  const painted = level === 'error' ? red(plain) : level === 'warn' ? yellow(plain) : plain;
  const values = Object.entries(details).map(
    ([key, value]) =>
      ` ${plainText(key)}=${plainText(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  return `${dim(plainText(at))} ${painted} ${plainText(service).padEnd(13)} ${plainText(event)}${values.join('')}`;
};
