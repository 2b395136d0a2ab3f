import type { Health } from '@catalyst/contracts';
import { askHealth } from '@catalyst/service-kit';

/** Asks services how they are, each on its own: one that is away hides no other. */
export const createReadHealth =
  (addresses: Readonly<Record<string, string>>) =>
  async (): Promise<Map<string, Health | null>> => {
    const told = Object.entries(addresses).map(
      async ([name, url]): Promise<[string, Health | null]> => [name, await askHealth(url)],
    );
    return new Map(await Promise.all(told));
  };
export type ReadHealth = ReturnType<typeof createReadHealth>;
