import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import ts from 'typescript';
import { BEGINNING } from './beginning.ts';
import { modules } from './checkout.ts';
import type { PackedSimulator } from './packed-simulator.ts';

/** How code uses it. */
export const tellOfItsLibrary = (packed: PackedSimulator): void => {
  it('starts from JavaScript', async () => {
    const { folder, installedFolder } = packed;
    const script = join(folder, 'bot.mjs');
    await writeFile(
      script,
      "import { startSimulator, loadDay } from '@catalyst/simulator';\nconst day = await loadDay(process.argv[2]);\nconst simulator = await startSimulator({ day, at: '09:25' });\nconsole.log(JSON.stringify({ url: simulator.url, accounts: simulator.accounts }));\nprocess.once('SIGTERM', () => simulator.close());\n",
    );
    expect(
      await packed.askClock(
        [process.execPath, script, join(installedFolder, 'days', '2026-03-24')],
        folder,
      ),
    ).toMatchObject(BEGINNING);
  });

  it('has types: a wrong option is refused where it stands', async () => {
    const { folder } = packed;
    const script = join(folder, 'bot.ts');
    await writeFile(
      script,
      "import { startSimulator, type Simulator } from '@catalyst/simulator';\nexport const right = (): Promise<Simulator> => startSimulator({ day: 'a', accounts: 2 });\nexport const wrong = () => startSimulator({ day: 'a', accounts: 'two' });\n",
    );
    // with the libraries' own declarations checked too, and no types but those of Node
    const program = ts.createProgram([script], {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      typeRoots: [join(modules, '@types')],
      types: ['node'],
    });
    const faults = ts.getPreEmitDiagnostics(program);
    expect(
      faults.map(({ code, start }) => [
        code,
        program.getSourceFile(script)!.getLineAndCharacterOfPosition(start!).line + 1,
      ]),
    ).toEqual([[2322, 3]]);
  });
};
