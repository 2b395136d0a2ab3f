import { randomBytes } from 'node:crypto';
import { writeInvitation } from '@catalyst/contracts';
import { sha256 } from '@catalyst/service-kit/calls';
import { operatorName, reachDesk } from './desk-connection.ts';
import { readPin } from './read-public-key.ts';
import { namedServer } from './server-connection.ts';

interface Asked {
  scope: 'read' | 'trade';
  minConfidence?: number;
  expires: number;
  keyExpires: number | null;
  address?: string;
}

/** Makes a code that only the string holds: the desk keeps its hash. */
export const inviteClient = async (name: string, asked: Asked) => {
  const { clients, run } = reachDesk();
  const address = asked.address ?? namedServer()?.url ?? run!.urls!.orchestration!;
  const pin = await readPin(address);
  const code = randomBytes(16).toString('hex');
  const { client_id, expires_at } = await clients.workflow.inviteClient({
    body: {
      name,
      scope: asked.scope,
      code_sha256: sha256(code),
      lifetime_hours: asked.expires,
      key_hours: asked.keyExpires,
      ...(asked.minConfidence !== undefined && {
        limits: { min_confidence: asked.minConfidence },
      }),
      by: operatorName(),
    },
  });
  return {
    client_id,
    invite: writeInvitation({ address, code, pin }),
    address,
    code,
    scope: asked.scope,
    expires_at,
  };
};
