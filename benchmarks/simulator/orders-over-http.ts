import {
  fileOf,
  headersOf,
  medianRate,
  perSecond,
  processorSeconds,
  start,
  startProgram,
  type Rate,
  type Started,
} from './processes.ts';

const WARM_UP = 500;

/**
 * Orders over HTTP while the open orders grow from none to `count` and on to twice as many, in turn
 * with the empty routes: the median of the rounds. Between the rounds everything is canceled.
 */
export const ordersOverHttp = async (
  folder: string,
  symbols: string[],
  { count, connections, rounds }: { count: number; connections: number; rounds: number },
): Promise<Record<'bare' | 'express' | 'first' | 'second', Rate>> => {
  const empty = await start<{ bare: string; express: string }>([fileOf('empty-routes/main.ts')]);
  const simulator = await startProgram(folder);
  try {
    const headers = headersOf(simulator.facts.accounts[0]!);
    const ordersUrl = `${simulator.facts.url}/v2/orders`;
    const send = async (
      server: Started<unknown>,
      url: string,
      name: string,
      requests = count,
    ): Promise<Rate> => {
      const before = processorSeconds(server.child);
      const rate = await perSecond({ url, headers, connections, count: requests, name, symbols });
      return {
        per_second: rate,
        per_processor_second: requests / (processorSeconds(server.child) - before),
      };
    };
    const { bare, express } = empty.facts;
    for (const url of [bare, express]) await send(empty, url, 'warm', WARM_UP);
    await send(simulator, ordersUrl, 'warm', WARM_UP);
    const rates = {
      bare: [] as Rate[],
      express: [] as Rate[],
      first: [] as Rate[],
      second: [] as Rate[],
    };
    for (let round = 0; round < rounds; round += 1) {
      await (await fetch(ordersUrl, { method: 'DELETE', headers })).arrayBuffer();
      const left = (await (await fetch(ordersUrl, { headers })).json()) as unknown[];
      if (left.length !== 0) throw new Error(`${left.length} orders stayed open`);
      rates.bare.push(await send(empty, bare, 'bare'));
      rates.express.push(await send(empty, express, 'express'));
      rates.first.push(await send(simulator, ordersUrl, `first-${round}`));
      rates.second.push(await send(simulator, ordersUrl, `second-${round}`));
    }
    return {
      bare: medianRate(rates.bare),
      express: medianRate(rates.express),
      first: medianRate(rates.first),
      second: medianRate(rates.second),
    };
  } finally {
    await Promise.all([empty.stop(), simulator.stop()]);
  }
};
