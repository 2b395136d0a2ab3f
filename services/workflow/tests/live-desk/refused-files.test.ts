import { describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paperDeskForEach } from './paper-desk.ts';

const desk = paperDeskForEach();

describe('a desk on paper', () => {
  it('refuses to start with files that contradict each other, unless something is held: then it goes on and says so', async () => {
    const home = mkdtempSync(join(tmpdir(), 'catalyst-test-'));
    mkdirSync(join(home, 'config'));
    const limits = readFileSync(
      join(import.meta.dirname, '../../../../config/risk_parameters.yaml'),
      'utf8',
    );
    const path = join(home, 'config/risk_parameters.yaml');
    writeFileSync(path, limits.replace('max_positions: 5 ', 'max_positions: 3 '));
    const fault = expect.stringContaining('sessions.yaml lets morning hold 5 positions and');
    await expect(desk.start('10:02', { CATALYST_HOME: home })).rejects.toMatchObject({
      name: 'ConfigError',
      faults: [fault, expect.anything(), expect.anything()],
    });
    await desk.hold('AAA');
    const workflow = await desk.start('10:02', { CATALYST_HOME: home });
    expect((await workflow.health()).notes).toContainEqual(fault);
    await desk.stop();
    // a file that cannot be read is its owner's to refuse
    writeFileSync(path, 'max_positions: many');
    await desk.start('10:03', { CATALYST_HOME: home });
  });

  it('refuses to start with session windows that cannot be', async () => {
    const home = mkdtempSync(join(tmpdir(), 'catalyst-test-'));
    mkdirSync(join(home, 'config'));
    writeFileSync(
      join(home, 'config/sessions.yaml'),
      'rescan_seconds: { aggressive: 61, normal: 300, conservative: 900 }\nwindows: {}\n',
    );
    await expect(desk.start('10:02', { CATALYST_HOME: home })).rejects.toMatchObject({
      name: 'ConfigError',
      faults: [expect.stringContaining('sessions.yaml')],
    });
  });
});
