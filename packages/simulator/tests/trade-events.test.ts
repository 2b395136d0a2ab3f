import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TradeUpdate } from '../src/index.ts';
import { openAccount, type OpenAccount } from './open-account.ts';
import { quietDay } from './small-day.ts';

let account: OpenAccount;
beforeEach(async () => {
  account = await openAccount(quietDay([]), { at: '10:00', accounts: 2 });
});
afterEach(() => account.close());

const headersOf = (index = 0): Record<string, string> => ({
  'APCA-API-KEY-ID': account.simulator.accounts[index]!.key_id,
  'APCA-API-SECRET-KEY': account.simulator.accounts[index]!.secret_key,
});

/** Reads as Alpaca's client for Go does: lines that begin with "data: ", until the stream ends. */
const open = async (query = '', index = 0) => {
  const abort = new AbortController();
  const response = await fetch(`${account.simulator.url}/v2/events/trades${query}`, {
    headers: headersOf(index),
    signal: abort.signal,
  });
  const told: TradeUpdate[] = [];
  const ended = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        const lines = (text + decoder.decode(chunk, { stream: true })).split('\n');
        text = lines.pop()!;
        for (const line of lines)
          if (line.startsWith('data: ')) told.push(JSON.parse(line.slice(6)) as TradeUpdate);
      }
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  })();
  const until = async (count: number): Promise<TradeUpdate[]> => {
    while (told.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    return told;
  };
  return { response, told, ended, until, stop: () => abort.abort() };
};

const buy = () => account.place({ qty: '10' });
const ids = (updates: readonly TradeUpdate[]): string[] => updates.map(({ event_id }) => event_id);

describe('GET /v2/events/trades', () => {
  it('tells what happens from then on, as the stream does, to the account alone', async () => {
    await buy();
    const [own, other] = [await open(), await open('', 1)];
    expect(own.response.headers.get('content-type')).toBe('text/event-stream');
    const before = account.updates().length;
    await buy();
    await account.step('10:01');
    const expected = account.updates().slice(before);
    expect(await own.until(expected.length)).toEqual(expected);
    expect(other.told).toEqual([]);
    own.stop();
    other.stop();
  });

  it('tells first what has happened since an instant, and goes on without a gap', async () => {
    await buy();
    await account.step('10:01');
    const all = account.updates();
    const half = all[2]!;
    const stream = await open(`?since=${encodeURIComponent(half.at)}`);
    await buy();
    const expected = ids(account.updates().slice(2));
    expect(ids(await stream.until(expected.length))).toEqual(expected);
    stream.stop();
    // Go's client goes on a nanosecond after the last that it was told
    const later = half.at.replace(/(\.\d*)Z/, (_all, fraction: string) => {
      const next = BigInt(fraction.slice(1).padEnd(9, '0')) + 1n;
      return `.${String(next).padStart(9, '0')}Z`;
    });
    const again = await open(`?since=${later}`);
    expect(ids(await again.until(expected.length - 1))).toEqual(expected.slice(1));
    again.stop();
  });

  it('has ids that sort in the order of events, and goes on after one', async () => {
    await buy();
    await buy();
    await account.step('10:01');
    const all = ids(account.updates());
    expect(all.every((id) => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id))).toBe(true);
    expect([...all].sort()).toEqual(all);
    const stream = await open(`?since_id=${all[1]}`);
    expect(ids(await stream.until(all.length - 2))).toEqual(all.slice(2));
    stream.stop();
  });

  it('ends with 200 at an instant or an event that is reached, past or to come', async () => {
    await buy();
    await account.step('10:01');
    const all = account.updates();
    const past = await open(`?since=2026-03-10&until=${all[1]!.at}`);
    await past.ended;
    expect(ids(past.told)).toEqual(ids(all.slice(0, 2)));
    const byId = await open(`?since_id=${all[0]!.event_id}&until_id=${all.at(-1)!.event_id}`);
    await byId.ended;
    expect(ids(byId.told)).toEqual(ids(all.slice(1)));
    const ahead = await open('?since=2026-03-10&until=2026-03-10T14:02:00.5Z');
    await buy();
    await account.step('10:02');
    await account.step('10:03');
    await ahead.ended;
    expect(ids(ahead.told)).toEqual(ids(account.updates()));
  });

  it.each([
    ['since=2026-03-10&since_id=01ARZ3NDEKTSV4RRFFQ69G5FAV', 'since and since_id cannot'],
    ['until=2026-03-10', 'until requires since'],
    ['until_id=01ARZ3NDEKTSV4RRFFQ69G5FAV', 'until_id requires since_id'],
    ['since_id=7', 'invalid since_id: 7; it must be a ULID'],
    ['since=yesterday', 'invalid since: yesterday'],
  ])('refuses %s', async (query, message) => {
    const answer = await account.get(`/v2/events/trades?${query}`);
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(message)]);
  });

  it('asks for keys', async () => {
    expect((await fetch(`${account.simulator.url}/v2/events/trades`)).status).toBe(401);
  });

  it('loses what a fault of the trade updates takes, as the stream does', async () => {
    await account.request('POST', '/sim/faults', {
      where: { stream: 'trade_updates', event: 'new' },
      when: {},
      what: { kind: 'missing' },
    });
    const stream = await open();
    await buy();
    await account.step('10:01');
    const told = await stream.until(2);
    expect(told.map(({ event }) => event)).toEqual(['pending_new', 'fill']);
    stream.stop();
  });
});
