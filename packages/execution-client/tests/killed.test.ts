import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkLedger, readLedgerAt } from '@catalyst/platform';
import { startSimulator } from '@catalyst/simulator';
import { eventually } from '@catalyst/testkit';
import { openLocalDatabase } from '../src/store/local-database.ts';
import { readHistory } from '../src/store/history.ts';
import { joinClient, switchOn } from './followed-day.ts';
import { killProcesses, startProcess } from './client-process.ts';
import { closedNow, nowAt, ordersOf, signalNow } from './exchange-now.ts';
import { startSmallDesk, type SmallDesk } from './small-desk.ts';

let simulator: Awaited<ReturnType<typeof startSimulator>>;
let desk: SmallDesk;
beforeAll(async () => {
  desk = await startSmallDesk();
  // each answer comes later than what it answers, so that a client can be killed in between
  simulator = await startSimulator({
    at: '10:30',
    answer_delay: { least_ms: 60, most_ms: 60 },
  });
});
afterAll(async () => {
  killProcesses();
  await desk.close();
  await simulator.close();
});

test('killed while its entry and while its exit are under way, it loses, doubles and uncovers nothing', async () => {
  const home = await joinClient(desk, simulator, 0);
  await switchOn(home, await nowAt(simulator));
  let client = await startProcess(home, simulator.url);
  await client.step(0);

  const first = await signalNow(simulator, desk, 'ORRI');
  client.begin(first.seq);
  await eventually(async () => expect(await ordersOf(simulator, 0)).toHaveLength(1));
  await client.kill();

  client = await startProcess(home, simulator.url);
  await client.step(first.seq);
  simulator.step({ minutes: 1 });
  await client.step(first.seq);
  expect(await ordersOf(simulator, 0)).toHaveLength(1);

  const { seq } = await closedNow(simulator, desk, first);
  client.begin(seq);
  await eventually(async () =>
    expect((await ordersOf(simulator, 0)).some(({ side }) => side === 'sell')).toBe(true),
  );
  await client.kill();

  client = await startProcess(home, simulator.url);
  await client.step(seq);
  simulator.step({ minutes: 1 });
  await client.step(seq);
  await client.kill();

  expect(
    checkLedger(await readLedgerAt(simulator.url), { max_naked_ms: 0, flat_at_end: true }),
  ).toEqual([]);
  const database = openLocalDatabase(home.database_path);
  expect(readHistory(database, 10)).toMatchObject([
    { symbol: 'ORRI', decision: 'enter', result_usd: expect.any(String) },
  ]);
  database.close();
});
