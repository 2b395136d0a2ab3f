import { randomBytes } from 'node:crypto';
import { readInvitation, signalsApi, type Invitation } from '@catalyst/contracts';
import type { OwnerLimits } from '../domain/owner-limits.ts';
import { sealKeys, type BrokerKeys } from '../home/broker-keys.ts';
import { ClientError, type ClientHome } from '../home/client-home.ts';
import { askDesk } from '../stream/ask-desk.ts';
import { deskAddress } from '../stream/desk-address.ts';
import type { TriedBroker } from './try-broker-keys.ts';

/** @throws ClientError where the string is no invitation that may be followed */
export const openInvitation = (text: string): Invitation => {
  let invitation: Invitation;
  try {
    invitation = readInvitation(text);
  } catch {
    throw new ClientError(
      'this is no invitation: copy the whole string that you were sent, without blanks',
    );
  }
  try {
    deskAddress(invitation.address);
  } catch (error) {
    throw new ClientError((error as Error).message);
  }
  return invitation;
};

interface Joining {
  home: ClientHome;
  invitation: Invitation;
  broker: TriedBroker;
  keys: BrokerKeys;
  passphrase: string | null;
  limits: OwnerLimits;
}

/** The code and the nonce are all that the desk is sent. */
const askKey = (home: ClientHome, { address, pin, code }: Invitation) =>
  askDesk(
    { address, pin },
    {
      path: signalsApi.join.path,
      body: { code, nonce: home.nonceFor(code, () => randomBytes(32).toString('hex')) },
      response: signalsApi.join.response,
    },
  );

/** Another key of the same desk, in place of one that has ended. */
export const renewKey = async (
  home: ClientHome,
  invitation: Invitation,
): Promise<{ name: string; scope: 'read' | 'trade' }> => {
  const { client_id, key, name, scope } = await askKey(home, invitation);
  home.save({ profile: { ...home.profile(), pin: invitation.pin, client_id, key, name } });
  home.forgetNonce();
  return { name, scope };
};

/**
 * Turns an invitation into the desk's key for this client and saves who it is. A try that was cut off asks again with the same nonce, and
 * gets the same key.
 */
export const joinDesk = async ({
  home,
  invitation,
  broker,
  keys,
  passphrase,
  limits,
}: Joining): Promise<{ name: string; scope: 'read' | 'trade' }> => {
  const { address, pin } = invitation;
  const { client_id, key, name, scope } = await askKey(home, invitation);
  const { account_kind, account_number, broker: addresses } = broker;
  home.save({
    keys: sealKeys(keys, passphrase),
    limits,
    // last, since a home without it was never joined
    profile: {
      address,
      pin,
      client_id,
      name,
      key,
      account_kind,
      account_number,
      broker: addresses,
    },
  });
  home.forgetNonce();
  return { name, scope };
};
