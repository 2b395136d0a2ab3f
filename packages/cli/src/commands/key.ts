import { randomBytes } from 'node:crypto';
import type { AccessScope } from '@catalyst/contracts';
import { InvalidArgumentError, type Command } from 'commander';
import { loadContracts } from '../load-when-asked.ts';
import { readLifetime } from '../read-lifetime.ts';
import { readName } from '../read-name.ts';
import { readReason } from '../read-reason.ts';
import { addVerb, terminalOf } from '../verb.ts';

const readScopes = (text: string): AccessScope[] => {
  const { accessScope } = loadContracts();
  const read = accessScope.array().min(1).safeParse(text.split(','));
  if (read.success) return read.data;
  throw new InvalidArgumentError(`expected one or more of ${accessScope.options.join(', ')}`);
};

const load = async () => {
  const [{ operatorName, reachDesk }, { describeKeys, describeNewKey }, { findKey }, { sha256 }] =
    await Promise.all([
      import('../desk-connection.ts'),
      import('../describe-keys.ts'),
      import('../find-key.ts'),
      import('@catalyst/service-kit/calls'),
    ]);
  return { operatorName, reachDesk, describeKeys, describeNewKey, findKey, sha256 };
};

/** `catalyst key new|list|revoke`: who may come in from outside. */
export const addKey = (program: Command): void => {
  const key = program
    .command('key')
    .summary('make, list or revoke the keys of Claude')
    .description(
      'Keys with which Claude comes in: each has its own scopes and end, and goes at once when it is revoked.',
    );

  addVerb(key, 'new', 'make a key, and show it once')
    .argument('<name>', 'who holds it, as the audit is to name it', readName)
    .option(
      '--scope <scopes>',
      'read; propose (previews, proposals, pause, halt, tighten); trade (execute, close, move stops); admin (keys and clients)',
      readScopes,
      ['read'] as AccessScope[],
    )
    .option('--expires <time>', 'its end: 12h, 30d or never', readLifetime, 90 * 24)
    .action(
      async (
        name: string,
        options: { scope: AccessScope[]; expires: number | null; json?: boolean },
      ) => {
        const { operatorName, reachDesk, describeNewKey, sha256 } = await load();
        const made = randomBytes(32).toString('base64url');
        const stored = await reachDesk().clients.workflow.createAccessKey({
          body: {
            kind: 'claude',
            name,
            scopes: options.scope,
            key_hash: sha256(made),
            lifetime_hours: options.expires,
            by: operatorName(),
          },
        });
        terminalOf(options).result({ ...stored, key: made }, () => describeNewKey(stored, made));
      },
    );

  addVerb(key, 'list', 'show the keys, what each may do, and when it was used').action(
    async (options: { json?: boolean }) => {
      const { reachDesk, describeKeys } = await load();
      const { keys } = await reachDesk().clients.workflow.listAccessKeys();
      const terminal = terminalOf(options);
      terminal.result({ keys }, () => describeKeys(keys, terminal));
    },
  );

  addVerb(key, 'revoke', 'end a key at once, in open sessions too')
    .argument('<key>', 'its name, or the beginning of its id')
    .option('--reason <text>', 'why, for the record', readReason, 'revoked by the operator')
    .action(async (given: string, options: { reason: string; json?: boolean }) => {
      const { operatorName, reachDesk, findKey } = await load();
      const { workflow } = reachDesk().clients;
      const { key_id } = await findKey(workflow, given);
      const revoked = await workflow.revokeAccessKey({
        params: { key_id },
        body: { by: operatorName(), reason: options.reason },
      });
      terminalOf(options).result(revoked, () => `${revoked.kind} ${revoked.name}: revoked`);
    });
};
