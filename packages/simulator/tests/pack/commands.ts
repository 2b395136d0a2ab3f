import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { BEGINNING } from './beginning.ts';
import type { PackedSimulator } from './packed-simulator.ts';
import { npm, run } from './strangers-shell.ts';

/** Whether nobody answers at `url`, now or within some seconds. */
const isGone = async (url: string): Promise<boolean> => {
  for (let tries = 0; tries < 200; tries += 1) {
    if (
      await fetch(`${url}/sim/status`).then(
        () => false,
        () => true,
      )
    )
      return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
};

/** How it starts and ends as a command: by itself, under npx and under npm. */
export const tellOfItsCommands = (packed: PackedSimulator): void => {
  const { start, askClock } = packed;

  it('begins the bundled day a few minutes before the open with its own dependencies alone', async () => {
    const { folder, installedFolder } = packed;
    expect(
      await askClock(
        [
          process.execPath,
          join(installedFolder, 'bin', 'catalyst-simulator.js'),
          '--json',
          '--port',
          '0',
        ],
        folder,
      ),
    ).toMatchObject(BEGINNING);
  });

  it('ends with npx, which sends its SIGTERM to a shell alone', async () => {
    const { folder } = packed;
    const {
      child,
      facts: { url },
    } = await start(['npx', '--no-install', 'catalyst-simulator', '--json'], folder);
    child.kill('SIGTERM');
    expect(await isGone(url)).toBe(true);
  });

  it('ends with the npm that started it also where that is killed', async () => {
    const { folder, installedFolder } = packed;
    const shell = `${process.execPath} ${join(installedFolder, 'bin', 'catalyst-simulator.js')} --json; true`;
    const {
      child,
      facts: { url },
    } = await start(['sh', '-c', shell], folder);
    child.kill('SIGKILL');
    expect(await isGone(url)).toBe(true);
  });

  (process.env.CATALYST_TEST_DOWNLOADS === '1' ? it : it.skip)(
    'installs with npm in an empty folder',
    async () => {
      const project = await mkdtemp(join(tmpdir(), 'simulator-install-'));
      try {
        await run([...npm, 'init', '-y'], project);
        await run([...npm, 'install', '--no-audit', '--no-fund', await packed.tarball()], project);
        expect(
          await run(['npx', '--no-install', 'catalyst-simulator', '--help'], project),
        ).toContain('--day');
        // without npx, which would end before the program that it started
        expect(
          await askClock(
            [join(project, 'node_modules', '.bin', 'catalyst-simulator'), '--json'],
            project,
          ),
        ).toMatchObject(BEGINNING);
      } finally {
        await rm(project, { recursive: true, force: true });
      }
    },
  );
};
