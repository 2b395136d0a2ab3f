/** What one client wants: symbols by channel, `*` for every symbol. */
export interface Subscriptions {
  add(wanted: Readonly<Record<string, readonly string[]>>): void;
  remove(unwanted: Readonly<Record<string, readonly string[]>>): void;
  wants(channel: string, symbols: readonly string[]): boolean;
  symbolsOf(channel: string): ReadonlySet<string>;
  /** How many symbols `channels` would have together after `wanted` were added. */
  countWith(
    wanted: Readonly<Record<string, readonly string[]>>,
    channels: readonly string[],
  ): number;
  /** All channels with their symbols, as Alpaca answers. */
  state(): Record<string, string[]>;
  /** Equal for clients that want the same, whatever the order in which they asked. */
  signature(): string;
}

export const createSubscriptions = (channels: readonly string[]): Subscriptions => {
  const symbols = new Map(channels.map((channel) => [channel, new Set<string>()]));
  let signature: string | null = null;
  const symbolsOf = (channel: string): Set<string> => symbols.get(channel)!;
  return {
    add: (wanted) => {
      signature = null;
      for (const [channel, names] of Object.entries(wanted))
        for (const name of names) symbolsOf(channel).add(name);
    },
    remove: (unwanted) => {
      signature = null;
      for (const [channel, names] of Object.entries(unwanted))
        for (const name of names) symbolsOf(channel).delete(name);
    },
    wants: (channel, names) => {
      const wanted = symbolsOf(channel);
      return wanted.has('*') || names.some((name) => wanted.has(name));
    },
    symbolsOf,
    countWith: (wanted, counted) =>
      counted.reduce(
        (sum, channel) => sum + new Set([...symbolsOf(channel), ...(wanted[channel] ?? [])]).size,
        0,
      ),
    state: () => Object.fromEntries([...symbols].map(([channel, names]) => [channel, [...names]])),
    signature: () =>
      (signature ??= JSON.stringify([...symbols].map(([, names]) => [...names].sort()))),
  };
};
