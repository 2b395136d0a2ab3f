import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sharedRedis } from '@catalyst/platform';
import type { orchestrationApi } from '@catalyst/contracts';
import { standingKey } from '@catalyst/service-kit';
import {
  eventually,
  startCutOff,
  startTestService,
  type CutOff,
  type TestService,
} from '@catalyst/testkit';
import { Redis } from 'ioredis';
import { orchestrationService } from '../src/service.ts';
import { startFleetBehind, type FleetBehind } from './fleet-behind/fleet-behind.ts';

const KEY = 'a-key-that-asks-again-and-again';
const RUN_ID = `kept-${randomUUID()}`;
const home = mkdtempSync(join(tmpdir(), 'catalyst-kept-'));
const state = join(home, 'state');
let fleet: FleetBehind;
let way: CutOff;
let redis: Redis;
let service: TestService<typeof orchestrationApi>;

const asked = (): number =>
  fleet.workflow.asked.filter(({ route }) => route === 'showStanding').length;
/** The line that every answer begins with. */
const head = async (tool = 'get_positions'): Promise<string> => {
  const params = { name: tool, arguments: {} };
  const answer = await fetch(`${service.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': KEY },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  const { result } = (await answer.json()) as { result: { content: { text: string }[] } };
  return result.content[0]!.text.split('\n')[0]!;
};
/** Until a call is answered without asking workflow: something is kept then. */
const untilKept = (): Promise<void> =>
  eventually(async () => {
    await head();
    const before = asked();
    await head();
    expect(asked()).toBe(before);
  });
const change = async (reason: string): Promise<void> => {
  fleet.setStanding({ state: 'halted', reason });
  await redis.set(standingKey(RUN_ID), randomUUID());
};

beforeAll(async () => {
  mkdirSync(state);
  const { url } = await sharedRedis();
  redis = new Redis(url);
  way = await startCutOff(url);
  fleet = await startFleetBehind();
  fleet.letIn('claude', KEY);
  service = await startTestService(orchestrationService, {
    env: {
      ...fleet.env,
      RUN_ID,
      REDIS_URL: way.url,
      CATALYST_HOME: home,
      MCP_REQUESTS_PER_MINUTE: '1000000',
    },
    replay_start_at: '2026-03-10T08:00:00.000Z',
  });
});
afterAll(async () => {
  await service.close();
  await fleet.close();
  await way.close();
  redis.disconnect();
  rmSync(home, { recursive: true });
});

describe('how the desk stands', () => {
  it('is not asked for by each call, and told as it is in the first one after a change', async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      await untilKept();
      await change(`change ${turn}`);
      expect(await head(turn % 2 ? 'get_positions' : 'get_orders')).toContain(`(change ${turn})`);
    }
  });
  it('is asked for anew as soon as there is a halt file, and when its words are others', async () => {
    for (const words of ['a strange tape', 'a strange tape, said again']) {
      await untilKept();
      fleet.setStanding({ state: 'halted', reason: words });
      writeFileSync(join(state, 'halt'), words);
      expect(await head()).toContain(`(${words})`);
    }
    rmSync(join(state, 'halt'));
  });
  it('is kept no longer than its writer waits where it cannot say what changed', async () => {
    await untilKept();
    fleet.setStanding({ state: 'halted', reason: 'nobody said so' });
    await eventually(async () => expect(await head()).toContain('(nobody said so)'));
  });
  it('is asked for by each call where the halt file cannot be seen', async () => {
    await untilKept();
    rmSync(state, { recursive: true });
    await head();
    const before = asked();
    for (let turn = 0; turn < 5; turn += 1) await head();
    expect(asked()).toBe(before + 5);
    mkdirSync(state);
  });
  it('is asked for by each call while Redis is away, and kept again afterwards', async () => {
    await untilKept();
    way.cut();
    await eventually(async () => {
      const before = asked();
      await head();
      expect(asked()).toBe(before + 1);
    });
    fleet.setStanding({ state: 'halted', reason: 'while nobody hears' });
    expect(await head()).toContain('(while nobody hears)');
    way.mend();
    await untilKept();
  });
});
