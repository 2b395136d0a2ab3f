import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLog, systemClock, type AlertDraft } from '@catalyst/service-kit';
import { createWatchFleet } from './watch-fleet.ts';

const paths: string[] = [];
const server = createServer((request, response) => {
  paths.push(request.url ?? '');
  response.end();
});
let raised: AlertDraft[];
let now: number;
let why: string | null;
let watch: ReturnType<typeof createWatchFleet>;

beforeEach(async () => {
  [raised, now, why] = [[], 0, null];
  paths.length = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  watch = createWatchFleet({
    parts: { trading: async () => why, risk: async () => null },
    heartbeat_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/x`,
    alerts: { raise: async (draft) => void raised.push(draft) },
    clock: systemClock,
    log: createLog('test', 'error'),
    now: () => now,
  });
});
afterEach(() => new Promise((resolve) => void server.close(resolve)));
const lookAt = (seconds: number) => {
  now = seconds * 1000;
  return watch.look();
};

it('pings the heartbeat once a minute while all is well, and says so when something is not', async () => {
  await lookAt(0);
  await lookAt(15);
  await lookAt(60);
  why = 'it does not answer';
  await lookAt(120);
  expect(paths).toEqual(['/ping/x', '/ping/x', '/ping/x/fail']);
});

it('tells once of a part that is down for a minute, and again when it fails anew', async () => {
  why = 'it does not answer';
  await lookAt(0);
  await lookAt(45);
  expect(raised).toEqual([]);
  await lookAt(60);
  await lookAt(75);
  expect(raised).toMatchObject([
    { severity: 'critical', code: 'SERVICE_DOWN', subject: 'trading' },
  ]);
  why = null;
  await lookAt(90);
  why = 'it does not answer';
  await lookAt(100);
  await lookAt(160);
  expect(raised).toHaveLength(2);
});
