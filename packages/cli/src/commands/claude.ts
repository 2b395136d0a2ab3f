import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { askOnce } from '../ask-once.ts';
import type { HostedDoor } from '../claude/hosted-door.ts';
import { UnhealthyError } from '../exit-codes.ts';
import { typed } from '../typed.ts';
import { addVerb, terminalOf } from '../verb.ts';

interface Options {
  ca?: string;
  bundle?: string | true;
  write?: boolean;
  check?: boolean;
  yes?: boolean;
  json?: boolean;
}

const BUNDLE = 'catalyst.mcpb';

const load = async () => {
  const [
    { codeCommand, desktopConfigPath, desktopEntry },
    { findDesk },
    { makeBundle },
    { writeEntry },
    { checkDoors },
    { findHostedDoor },
  ] = await Promise.all([
    import('../claude/claude-doors.ts'),
    import('../claude/find-desk.ts'),
    import('../claude/make-bundle.ts'),
    import('../claude/write-entry.ts'),
    import('../claude/check-doors.ts'),
    import('../claude/hosted-door.ts'),
  ]);
  return {
    codeCommand,
    desktopConfigPath,
    desktopEntry,
    findDesk,
    makeBundle,
    writeEntry,
    checkDoors,
    findHostedDoor,
  };
};
type Loaded = Awaited<ReturnType<typeof load>>;
type Desk = ReturnType<Loaded['findDesk']>;

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

const check = async ({ checkDoors }: Loaded, desk: Desk, options: Options): Promise<void> => {
  const steps = await checkDoors(desk);
  terminalOf(options).result({ steps }, () =>
    steps
      .map(({ step, blocked }) => `${blocked === null ? 'ok     ' : 'BLOCKED'} ${step}`)
      .join('\n'),
  );
  const blocked = steps.find((step) => step.blocked !== null);
  if (blocked) throw new UnhealthyError(blocked.blocked!);
};

const write = async (loaded: Loaded, desk: Desk, options: Options): Promise<void> => {
  const path = loaded.desktopConfigPath();
  const done = await askOnce(`Put the desk into ${path}?`, options);
  if (done) loaded.writeEntry(path, loaded.desktopEntry(desk));
  terminalOf(options).result({ done, path }, () =>
    done ? `written to ${path}; start Claude Desktop anew` : 'nothing was written',
  );
};

const bundle = ({ makeBundle }: Loaded, desk: Desk, options: Options): void => {
  const path = resolve(options.bundle === true ? BUNDLE : options.bundle!);
  makeBundle(path, desk.url, version);
  terminalOf(options).result(
    { path },
    () => `${path}: open it with Claude Desktop, which asks for the key (none is in it)`,
  );
};

const describeHosted = (door: HostedDoor | null): string =>
  door === null
    ? '4. claude.ai and its apps, by the hosted connector: off; PUBLIC_URL switches it on (docs/claude.md)'
    : `4. claude.ai and its apps, by the hosted connector: add a custom connector with ${door.resource}, and sign in (${typed('operator set')})`;

const describe = (
  { desktopEntry, codeCommand }: Loaded,
  desk: Desk,
  hosted: HostedDoor | null,
): string =>
  [
    `the desk speaks MCP at ${desk.url}`,
    desk.key === null
      ? `key: make one with ${typed('key new NAME --scope propose --expires 30d')}`
      : `key: ${desk.key}`,
    '',
    `1. Claude Desktop, by a bundle: ${typed('claude --bundle')}, then open ${BUNDLE}`,
    `2. Claude Desktop, by its file: ${typed('claude --write')}, or add to "mcpServers" in claude_desktop_config.json`,
    `  "catalyst": ${JSON.stringify(desktopEntry(desk))}`,
    '3. Claude Code:',
    `  ${codeCommand(desk)}`,
    describeHosted(hosted),
    '',
    `which of them is open: ${typed('claude --check')}`,
  ].join('\n');

/** `catalyst claude`: the ways in which Claude comes to the desk. */
export const addClaude = (program: Command): void => {
  addVerb(program, 'claude', 'show how Claude comes to this desk, and check that it can')
    .option('--bundle [file]', `make ${BUNDLE} for Claude Desktop, without a key in it`)
    .option('--write', "put the desk into Claude Desktop's file on this machine")
    .option('--check', 'try the way from outside in, and say what blocks it')
    .option('--ca <file>', 'the certificate of a server that machines do not trust by themselves')
    .option('-y, --yes', 'do not ask')
    .action(async (options: Options) => {
      const loaded = await load();
      const desk = loaded.findDesk(options.ca);
      if (options.check) return check(loaded, desk, options);
      if (options.write) return write(loaded, desk, options);
      if (options.bundle !== undefined) return bundle(loaded, desk, options);
      const hosted = await loaded.findHostedDoor(desk);
      terminalOf(options).result(
        { ...desk, desktop: loaded.desktopEntry(desk), code: loaded.codeCommand(desk), hosted },
        () => describe(loaded, desk, hosted),
      );
    });
};
