import type { AccessKey } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit/calls';
import type { DeskClients } from './desk-connection.ts';
import { typed } from './typed.ts';

/**
 * The key that a person names: by the beginning of its id, or by the name that one unrevoked key has.
 * @throws NOT_FOUND for none, INVALID_REQUEST for more than one
 */
export const findKey = async (
  workflow: DeskClients['workflow'],
  given: string,
): Promise<AccessKey> => {
  const { keys } = await workflow.listAccessKeys();
  const named = keys.filter(({ name, state }) => name === given && state !== 'revoked');
  const found = named.length > 0 ? named : keys.filter(({ key_id }) => key_id.startsWith(given));
  if (found.length === 0)
    throw new AppError('NOT_FOUND', `there is no key ${given}; see: ${typed('key list')}`);
  if (found.length > 1)
    throw new AppError(
      'INVALID_REQUEST',
      `${given} may be ${found.map(({ kind, name, key_id }) => `${kind} ${name} ${key_id.slice(0, 8)}`).join(' or ')}: give more of the id`,
    );
  return found[0]!;
};
