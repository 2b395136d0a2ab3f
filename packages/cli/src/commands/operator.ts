import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { typed } from '../typed.ts';
import { addVerb, terminalOf } from '../verb.ts';

const load = async () => {
  const [
    { operatorName, reachDesk },
    { askLine },
    { describeOperator, describeSecondFactor },
    { operatorPassword },
  ] = await Promise.all([
    import('../desk-connection.ts'),
    import('../ask-secret.ts'),
    import('../describe-operator.ts'),
    import('@catalyst/contracts'),
  ]);
  return {
    operatorName,
    reachDesk,
    askLine,
    describeOperator,
    describeSecondFactor,
    operatorPassword,
  };
};

const readPassword = async ({
  askLine,
  operatorPassword,
}: Awaited<ReturnType<typeof load>>): Promise<string> => {
  const password = await askLine('Password for the pages of the desk (12 characters or more): ', {
    is_secret: true,
  });
  if (!operatorPassword.safeParse(password).success)
    throw new UsageError('expected a password of 12 to 200 characters');
  if (process.stdin.isTTY !== true) return password;
  const again = await askLine('The same once more: ', { is_secret: true });
  if (again !== password) throw new UsageError('the two are not the same; nothing was set');
  return password;
};

/** `catalyst operator set|confirm|show`: who signs in at the desk's pages. */
export const addOperator = (program: Command): void => {
  const operator = program
    .command('operator')
    .summary("set the operator's password and second factor")
    .description(
      "The one person who signs in at the desk's pages, to let Claude's hosted connector in: a password and an authenticator.",
    );

  addVerb(operator, 'set', 'set the password and a new second factor, and show that once').action(
    async (options: { json?: boolean }) => {
      const loaded = await load();
      const { operatorName, reachDesk, askLine, describeSecondFactor } = loaded;
      const { workflow } = reachDesk().clients;
      const by = operatorName();
      const password = await readPassword(loaded);
      const factor = await workflow.setOperator({ body: { password, by } });
      const terminal = terminalOf(options);
      terminal.result(factor, () => describeSecondFactor(factor));
      if (process.stdin.isTTY !== true) {
        terminal.note(`Nobody signs in before: ${typed('operator confirm <code>')}`);
        return;
      }
      const code = await askLine('The code that your authenticator shows now: ');
      await workflow.confirmOperator({ body: { code, by } });
      terminal.note('The second factor is right: you can sign in.');
    },
  );

  addVerb(operator, 'confirm', 'show that your authenticator has the second factor')
    .argument('<code>', 'the six digits that it shows now')
    .action(async (code: string, options: { json?: boolean }) => {
      const { operatorName, reachDesk, describeOperator } = await load();
      const state = await reachDesk().clients.workflow.confirmOperator({
        body: { code, by: operatorName() },
      });
      terminalOf(options).result(state, () => describeOperator(state));
    });

  addVerb(operator, 'show', 'whether the operator can sign in').action(
    async (options: { json?: boolean }) => {
      const { reachDesk, describeOperator } = await load();
      const state = await reachDesk().clients.workflow.showOperator();
      terminalOf(options).result(state, () => describeOperator(state));
    },
  );
};
