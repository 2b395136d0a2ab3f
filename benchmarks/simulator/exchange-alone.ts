import { Agent } from 'node:http';
import { startSimulator, type Day } from '@catalyst/simulator';
import { farOrder } from './far-order.ts';
import { post } from './post.ts';
import { headersOf, medianRate, secondsSince, type Rate } from './processes.ts';

const OPEN = '2026-03-24T13:30:00Z';
const MINUTES = 390;

/**
 * Orders per second of the exchange and its ledger in this process, without HTTP; each is canceled
 * at once, so that as many stay open as there were: `open`.
 */
export const exchangePerSecond = async (
  day: Day,
  symbols: readonly string[],
  { open: wanted, count, rounds }: { open: number; count: number; rounds: number },
): Promise<{ open: number; rate: Rate }> => {
  const { simulation, exchange, close } = await startSimulator({
    day,
    at: '09:30',
    cash: '100000000',
  });
  try {
    const account = simulation.accounts[0]!;
    const place = (name: string, index: number): string => {
      const outcome = exchange.submit(
        account,
        farOrder(symbols[index % symbols.length]!, `${name}-${index}`),
      );
      if (!outcome.ok) throw new Error(outcome.refusal.body.message);
      return outcome.value.id;
    };
    for (let index = 0; index < wanted; index += 1) place('open', index);
    const run = (name: string): Rate => {
      let spent = 0;
      let processor = 0;
      for (let index = 0; index < count; index += 1) {
        const startedAt = performance.now();
        const before = process.threadCpuUsage();
        const id = place(name, index);
        const { user, system } = process.threadCpuUsage(before);
        spent += performance.now() - startedAt;
        processor += user + system;
        exchange.cancel(account, id);
      }
      return {
        per_second: (count / spent) * 1_000,
        per_processor_second: (count / processor) * 1_000_000,
      };
    };
    run('warm');
    return {
      rate: medianRate(Array.from({ length: rounds }, (_, round) => run(`round-${round}`))),
      open: account.alive.size,
    };
  } finally {
    await close();
  }
};

/** Every minute of the session stepped one by one in this process, without HTTP. */
export const stepDay = async (day: Day, orders: number): Promise<number> => {
  const simulator = await startSimulator({ day, at: '09:30', cash: '10000000' });
  try {
    const agent = new Agent({ keepAlive: true });
    for (let index = 0; index < orders; index += 1) {
      const { status, text } = await post(
        agent,
        `${simulator.url}/v2/orders`,
        farOrder(day.securities[index]!.symbol, `live-${index}`),
        headersOf(simulator.accounts[0]!),
      );
      if (status !== 200) throw new Error(`the live order was answered ${status}: ${text}`);
    }
    agent.destroy();
    const open = Date.parse(OPEN);
    const startedAt = performance.now();
    for (let minute = 1; minute <= MINUTES; minute += 1)
      simulator.simulation.stepTo(open + minute * 60_000);
    return secondsSince(startedAt);
  } finally {
    await simulator.close();
  }
};
