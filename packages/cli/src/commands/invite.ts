import { holderName } from '@catalyst/contracts';
import { InvalidArgumentError, type Command } from 'commander';
import { readLifetime } from '../read-lifetime.ts';
import { addVerb, terminalOf } from '../verb.ts';

export const readName = (text: string): string => {
  const read = holderName.safeParse(text);
  if (read.success) return read.data;
  throw new InvalidArgumentError(read.error.issues[0]!.message);
};
const readScope = (text: string): 'read' | 'trade' => {
  if (text === 'read' || text === 'trade') return text;
  throw new InvalidArgumentError('expected read or trade');
};
export const readRatio = (text: string): number => {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('expected a number from 0 to 1');
};
const readAddress = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)) return url.origin;
  throw new InvalidArgumentError('expected an address such as https://desk.example.com');
};
/** An invitation always ends. */
const readEnd = (text: string): number => {
  const hours = readLifetime(text);
  if (hours === null || hours > 720)
    throw new InvalidArgumentError('expected at most 30 days, such as 24h');
  return hours;
};

/** `catalyst invite NAME`: one string with which a friend's client joins. */
export const addInvite = (program: Command): void => {
  addVerb(program, 'invite', "make the string with which a friend's client joins; it is good once")
    .argument('<name>', 'the friend, as the audit is to name the client', readName)
    .option(
      '--scope <scope>',
      'read (receives) or trade (trades on an own account)',
      readScope,
      'trade',
    )
    .option('--min-confidence <ratio>', 'send nothing below this confidence', readRatio)
    .option('--expires <time>', 'its end: 12h, 7d', readEnd, 24)
    .option(
      '--key-expires <time>',
      'the end of the key that it becomes: 90d or never',
      readLifetime,
      8760,
    )
    .option('--address <url>', 'where the client reaches this desk', readAddress)
    .action(
      async (
        name: string,
        options: {
          scope: 'read' | 'trade';
          minConfidence?: number;
          expires: number;
          keyExpires: number | null;
          address?: string;
          json?: boolean;
        },
      ) => {
        const { inviteClient } = await import('../invite-client.ts');
        const made = await inviteClient(name, options);
        terminalOf(options).result(made, () =>
          [
            made.invite,
            '',
            `for ${name}, at ${made.address}, until ${made.expires_at}; it is good once. Your friend runs:`,
            `  catalyst-client join ${made.invite.slice(0, 12)}…`,
          ].join('\n'),
        );
      },
    );
};
