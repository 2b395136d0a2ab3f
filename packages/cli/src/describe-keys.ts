import type { AccessKey } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import type { Terminal } from './terminal.ts';
import { typed } from './typed.ts';

const when = (at: string | null, never: string): string => {
  if (at === null) return never;
  const { date, clock } = inNewYork(at);
  return `${date} ${clock}`;
};

/** The keys in a table, times in New York. */
export const describeKeys = (keys: readonly AccessKey[], terminal: Terminal): string =>
  keys.length === 0
    ? `no key was let in yet; make one with: ${typed('key new NAME')}`
    : terminal.table(
        ['id', 'kind', 'name', 'may', 'state', 'made', 'ends', 'last used'],
        keys.map((key) => [
          key.key_id.slice(0, 8),
          key.kind,
          key.name,
          key.scopes.join(' '),
          key.state,
          when(key.created_at, ''),
          when(key.expires_at, 'never'),
          when(key.last_used_at, 'never'),
        ]),
      );

/** What is shown once: the key itself, and how it ends. */
export const describeNewKey = ({ name, scopes, expires_at }: AccessKey, key: string): string =>
  [
    `key       ${key}`,
    `may       ${scopes.join(', ')}`,
    `ends      ${when(expires_at, 'never')}${expires_at === null ? '' : ' New York'}; before that with: ${typed(`key revoke ${name}`)}`,
    'It is shown this once: the desk keeps only its hash.',
  ].join('\n');
