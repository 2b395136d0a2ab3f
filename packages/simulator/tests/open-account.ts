import type { Day } from '../src/day/day.ts';
import {
  startSimulator,
  type Simulator,
  type SimulatorOptions,
  type TradeUpdate,
} from '../src/index.ts';
import { at } from './small-day.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers of many shapes
  body: any;
}

/** A running simulator with one account's keys at hand. */
export interface OpenAccount {
  simulator: Simulator;
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  get(path: string): Promise<Answer>;
  place(order: Record<string, unknown>): Promise<Answer>;
  /** Steps to a New York clock time of the small day. */
  step(clock: string): Promise<Answer>;
  order(id: string): Promise<Answer['body']>;
  updates(): TradeUpdate[];
  close(): Promise<void>;
}

export const openAccount = async (
  day: Day | string,
  options: Partial<SimulatorOptions> = {},
): Promise<OpenAccount> => {
  const simulator = await startSimulator({ day, ...options });
  const keys = {
    'APCA-API-KEY-ID': simulator.accounts[0]!.key_id,
    'APCA-API-SECRET-KEY': simulator.accounts[0]!.secret_key,
  };
  const updates: TradeUpdate[] = [];
  simulator.simulation.onUpdate((account, update) => {
    if (account === simulator.simulation.accounts[0]) updates.push(update);
  });
  const request: OpenAccount['request'] = async (method, path, body, headers = keys) => {
    const init: RequestInit = {
      method,
      headers: { 'content-type': 'application/json', ...headers },
    };
    if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(simulator.url + path, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  };
  return {
    simulator,
    request,
    get: (path) => request('GET', path),
    place: (order) =>
      request('POST', '/v2/orders', {
        symbol: 'ACME',
        qty: '100',
        side: 'buy',
        type: 'market',
        time_in_force: 'day',
        ...order,
      }),
    step: (clock) => request('POST', '/sim/step', { to: at(clock) }),
    order: async (id) => (await request('GET', `/v2/orders/${id}?nested=true`)).body,
    updates: () => updates,
    close: simulator.close,
  };
};
