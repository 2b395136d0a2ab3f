import { readdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { checkout, packageFolder } from './pack/checkout.ts';
import { tellOfItsCommands } from './pack/commands.ts';
import { tellOfItsContents } from './pack/contents.ts';
import { tellOfItsLibrary } from './pack/library.ts';
import { testPackedSimulator } from './pack/packed-simulator.ts';

describe('the packed simulator', () => {
  const packed = testPackedSimulator();
  tellOfItsContents(packed);
  tellOfItsCommands(packed);
  tellOfItsLibrary(packed);

  it('leaves the checkout as it was, also where packing was killed', async () => {
    const { before, afterKill, killedFolder, wasLeft } = packed;
    expect([wasLeft, afterKill]).toEqual([true, before]);
    expect(await readdir(packageFolder)).not.toContain(killedFolder);
    expect(await checkout()).toEqual(before);
  });
});
