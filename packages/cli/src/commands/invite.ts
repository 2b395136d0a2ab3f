import { InvalidArgumentError, type Command } from 'commander';
import { readName } from '../read-name.ts';
import { readLifetime } from '../read-lifetime.ts';
import { addVerb, terminalOf } from '../verb.ts';

const readScope = (text: string): 'read' | 'trade' => {
  if (text === 'read' || text === 'trade') return text;
  throw new InvalidArgumentError('expected read or trade');
};
export const readRatio = (text: string): number => {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('expected a number from 0 to 1');
};
const isHere = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
const readAddress = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere(url.hostname)))
    return url.origin;
  throw new InvalidArgumentError('expected an address such as https://desk.example.com');
};
/** An invitation always ends. */
const readEnd = (text: string): number => {
  const hours = /^\d+[hd]$/.test(text) ? readLifetime(text) : null;
  if (hours === null || hours > 720)
    throw new InvalidArgumentError('expected hours or days, at most 30d, such as 24h');
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
    .option('--expires <time>', 'its end: 12h, 7d; 24h unless said', readEnd)
    .option(
      '--key-expires <time>',
      'the end of the key that it becomes: 90d or never; 365d unless said',
      readLifetime,
    )
    .option('--address <url>', 'where the client reaches this desk', readAddress)
    .action(
      async (
        name: string,
        options: {
          scope: 'read' | 'trade';
          minConfidence?: number;
          expires?: number;
          keyExpires?: number | null;
          address?: string;
          json?: boolean;
        },
      ) => {
        const [{ inviteClient }, { inNewYork }] = await Promise.all([
          import('../invite-client.ts'),
          import('@catalyst/domain'),
        ]);
        const { expires = 24, keyExpires = 8760 } = options;
        const made = await inviteClient(name, { ...options, expires, keyExpires });
        const { date, clock } = inNewYork(made.expires_at);
        terminalOf(options).result(made, () =>
          [
            made.invite,
            '',
            `for ${name}, at ${made.address}, until ${date} ${clock} New York; it is good once. Your friend runs, with the whole of it:`,
            `  npx catalyst-client join ${made.invite.slice(0, 12)}…`,
            ...(isHere(new URL(made.address).hostname)
              ? [
                  'this address is of this machine alone: for a friend elsewhere give --address https://…',
                ]
              : []),
          ].join('\n'),
        );
      },
    );
};
