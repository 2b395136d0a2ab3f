import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadDay, recordDay, type RecordingProgress } from '../../src/index.ts';
import { lockRecording } from '../../src/day/alpaca/lock-recording.ts';
import { testRecordings } from './recorded-simulator.ts';

const recorded = testRecordings();
const { start, optionsOf } = recorded;

describe('a recording of the simulator', () => {
  it('is made once at a time: a second of the same day is refused until the first is done', async () => {
    await start();
    let second: Promise<unknown> = Promise.resolve();
    const onProgress = ({ text }: RecordingProgress): void => {
      if (text === 'minute bars, page 1')
        second = recordDay(optionsOf({ out_dir: recorded.place('second') })).catch(
          (error: unknown) => error,
        );
    };
    const { day, raw_dir } = await recordDay(optionsOf({ on_progress: onProgress }));
    expect(String(await second)).toMatch(
      new RegExp(
        `the same day is being recorded already, by process ${process.pid}; wait for it, or if there is none delete .*lock`,
      ),
    );
    expect(await readdir(raw_dir)).not.toContain('lock');
    expect(
      (await recordDay(optionsOf({ out_dir: recorded.place('second') }))).day.minute_bars,
    ).toEqual(day.minute_bars);
  });

  it("goes on where a process that is gone, or had this one's number, was recording", async () => {
    await start();
    const { raw_dir } = await recordDay(optionsOf());
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    for (const [index, owner] of [String(gone), String(process.pid), ''].entries()) {
      await writeFile(join(raw_dir, 'lock'), owner);
      await recordDay(optionsOf({ out_dir: recorded.place(`after-${index}`) }));
    }
  });

  it('is taken over by one alone of many that find what a killed one left, also where that was killed while it took over', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    for (const left of [
      { lock: `${gone} a` },
      { lock: '' },
      { lock: `${gone} a`, [`lock-after-${gone}-a`]: `${gone} b` },
      {},
    ]) {
      const dir = await mkdtemp(join(recorded.folder, 'lock-'));
      for (const [name, text] of Object.entries(left)) await writeFile(join(dir, name), text);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12 }, () => lockRecording(dir)),
      );
      const holders = outcomes.filter((one) => one.status === 'fulfilled');
      expect(holders).toHaveLength(1);
      expect(await readdir(dir)).toEqual(['lock']);
      expect(await readFile(join(dir, 'lock'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
      await holders[0]!.value();
      expect(await readdir(dir)).toEqual([]);
      await (
        await lockRecording(dir)
      )();
    }
  });

  it('of two that end in one folder leaves the first and refuses the other', async () => {
    await start();
    const outcomes = await Promise.allSettled(
      [['ACME'], ['BETA']].map((symbols) => recordDay(optionsOf({ symbols }))),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(
      String(
        (outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult).reason,
      ),
    ).toContain('is not empty');
    const { securities } = await loadDay(recorded.place('day'));
    expect(securities).toHaveLength(1);
    expect((await readdir(recorded.folder)).filter((name) => name.includes('.part-'))).toEqual([]);
  });
});
