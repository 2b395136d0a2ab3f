import { userInfo } from 'node:os';
import type { Instant } from '@catalyst/domain';
import { ClientError, type ClientHome } from '../home/client-home.ts';
import { openLocalDatabase } from '../store/local-database.ts';
import { createOwnerStore } from '../store/owner-store.ts';

/**
 * Ends the dry run, or goes back to it: the one way, on the owner's machine, with the number of the
 * account that will be traded.
 * @throws ClientError where that number is another one
 */
export const switchTrading = async (
  home: ClientHome,
  { is_on, account_number, at }: { is_on: boolean; account_number: string; at: Instant },
): Promise<void> => {
  const own = home.profile().account_number;
  if (account_number !== own)
    throw new ClientError(`not switched: the account is ${own}, not ${account_number}`);
  const database = openLocalDatabase(home.database_path);
  try {
    const owner = createOwnerStore(database);
    await owner.switchTrading(is_on, at);
    if (is_on && owner.standing() === undefined)
      await owner.change(
        { act: 'resume', reason: 'switched on by its owner', by: userInfo().username },
        at,
      );
  } finally {
    database.close();
  }
};
