import type { SymbolStory } from '@catalyst/contracts';
import { newYorkTime, symbol as ticker } from '@catalyst/domain';
import { homeFolder, openKeptReplay, readRunFile } from '@catalyst/platform';
import { connectDesk, currentCycle, reachDesk, type DeskClients } from './desk-connection.ts';
import { describeStory } from './describe-story.ts';
import { UnhealthyError, UsageError } from './exit-codes.ts';
import { namedServer } from './server-connection.ts';
import { storyUntil } from './story-until.ts';
import type { Terminal } from './terminal.ts';
import { typed } from './typed.ts';

type Asked = { symbol: string; date: string | undefined; at: string | undefined };

const ask = (
  { reporting }: DeskClients,
  { symbol, date }: Omit<Asked, 'at'>,
): Promise<SymbolStory> =>
  reporting.tellStory({
    params: { symbol },
    query: date === undefined ? {} : { trade_date: date },
  });

/** Asks the desk that runs, else the database that the last replay left. */
const findStory = async (
  asked: Asked,
  { note }: Terminal,
  signal: AbortSignal,
): Promise<SymbolStory> => {
  const home = homeFolder();
  if (namedServer() !== undefined || readRunFile(home) !== undefined) {
    const { clients } = reachDesk();
    await currentCycle(clients); // says how to open one
    return ask(clients, asked);
  }
  note('no desk is running; asking the last replay …');
  const kept = await openKeptReplay(home);
  if (kept === undefined)
    throw new UnhealthyError(
      `there is no day to ask about: no desk is running and no replay was kept; run ${typed('demo')} first`,
    );
  try {
    signal.throwIfAborted();
    return await ask(connectDesk(kept.fleet.urls, kept.fleet.keys.cli), asked);
  } finally {
    await kept.stop();
  }
};

/** Prints why a stock was traded or was not, from the headlines to the result. */
export const tellStory = async (
  asked: Asked,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> => {
  const symbol = asked.symbol.toUpperCase();
  if (!ticker.safeParse(symbol).success)
    throw new UsageError(`"${asked.symbol}" is no ticker: expected one such as AAPL or BRK.B`);
  const whole = await findStory({ ...asked, symbol }, terminal, signal);
  const story =
    asked.at === undefined ? whole : storyUntil(whole, newYorkTime(whole.trade_date, asked.at));
  terminal.result(story, () => describeStory(story, terminal));
};
