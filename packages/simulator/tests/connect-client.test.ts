import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Alpaca, type AlpacaClientOptions } from '@alpacahq/alpaca-trade-api';
import { startSimulator, type Simulator } from '../src/index.ts';
import { quietDay } from './small-day.ts';

let simulator: Simulator;
let hosts: string[];
const connect = Socket.prototype.connect;

/** Every connection of this process passes here; one that leaves the machine is an error. */
beforeEach(async () => {
  hosts = [];
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    const [first] = args.flat() as [{ host?: string } | number | undefined, unknown];
    const host = typeof first === 'object' ? (first.host ?? 'localhost') : String(args[1]);
    hosts.push(host);
    if (host !== '127.0.0.1') throw new Error(`a connection to ${host} would leave the machine`);
    return Reflect.apply(connect, this, args) as Socket;
  } as typeof connect;
  simulator = await startSimulator({ day: quietDay([]), at: '10:00', data_connections: 5 });
});
afterEach(async () => {
  Socket.prototype.connect = connect;
  await simulator.close();
});

interface Stream {
  url: string;
  connect(): void;
  disconnect(): void;
  on(event: string, listener: (...args: never[]) => void): unknown;
}
type Factory = (options?: object) => Stream;
const once = (stream: Stream, event: string): Promise<unknown> =>
  new Promise((resolve) => stream.on(event, resolve));

/** Every method of the client that makes a stream, whatever it is called. */
const factoriesOf = (alpaca: Alpaca): [string, Factory][] =>
  (['trading', 'marketData', 'data'] as const).flatMap((part) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(alpaca[part]) as object)
      .filter((name) => /^(\w+S|s)tream$/.test(name))
      .map((name): [string, Factory] => [
        `${part}.${name}`,
        (options) =>
          (alpaca[part] as unknown as Record<string, Factory>)[name]!({
            pingIntervalMs: 0,
            reconnect: false,
            ...options,
          }),
      ]),
  );

describe("a client that the simulator makes of Alpaca's class", () => {
  it('opens each of its streams here and nowhere else', async () => {
    const factories = factoriesOf(simulator.connect(Alpaca));
    expect(factories.map(([name]) => name).sort()).toEqual([
      'data.cryptoStream',
      'data.newsStream',
      'data.optionStream',
      'data.stockStream',
      'marketData.cryptoStream',
      'marketData.newsStream',
      'marketData.optionStream',
      'marketData.stockStream',
      'trading.stream',
    ]);
    for (const [name, factory] of factories) {
      for (const options of [
        {},
        { sandbox: false },
        { url: 'wss://stream.data.alpaca.markets/v2/test' },
      ]) {
        const stream = factory(options);
        expect([name, new URL(stream.url).host]).toEqual([name, new URL(simulator.url).host]);
        const isServed = !/crypto|option/.test(name) || 'url' in options;
        const reached = once(
          stream,
          isServed && !name.startsWith('trading') ? 'authenticated' : 'state_change',
        );
        stream.connect();
        await reached;
        stream.disconnect();
      }
    }
    expect(new Set(hosts)).toEqual(new Set(['127.0.0.1']));
  });

  it('waits for a fill on the stream', async () => {
    const alpaca = simulator.connect(Alpaca);
    const waiting = alpaca.trading.submitAndWait({
      type: 'market',
      symbol: 'ACME',
      qty: 10,
      side: 'buy',
      timeInForce: 'day',
    });
    while (simulator.simulation.accounts[0]!.alive.size === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    simulator.step({ minutes: 1 });
    expect(await waiting).toMatchObject({ status: 'filled', filledQty: '10' });
    expect(new Set(hosts)).toEqual(new Set(['127.0.0.1']));
  });

  it('is refused in one sentence where the class is of another version', () => {
    class Other {
      readonly trading = {};
      readonly options: AlpacaClientOptions;
      constructor(options: AlpacaClientOptions) {
        this.options = options;
      }
    }
    expect(() => simulator.connect(Other)).toThrow(
      'connect: expected the Alpaca of @alpacahq/alpaca-trade-api 4, this one has no trading.stream',
    );
  });
});
