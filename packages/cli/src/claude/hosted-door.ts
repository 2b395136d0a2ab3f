import { z } from 'zod';
import { askDoor, whyUnreached, type Answer } from './ask-door.ts';
import type { DeskAddress } from './claude-doors.ts';

/** Where the hosted connector comes in, as the desk says it itself. */
export interface HostedDoor {
  /** What is entered at claude.ai. */
  resource: string;
  issuer: string;
}

const PATH = '/.well-known/oauth-protected-resource/mcp';
const metadata = z.object({ resource: z.url(), authorization_servers: z.array(z.url()).min(1) });
const serverMetadata = z.object({
  issuer: z.url(),
  registration_endpoint: z.url(),
  code_challenge_methods_supported: z.array(z.string()),
});

const read = <T>(schema: z.ZodType<T>, { status, body }: Answer): T | null => {
  if (status !== 200) return null;
  try {
    return schema.parse(JSON.parse(body));
  } catch {
    return null;
  }
};

/** The door of the hosted connector; null where the desk has none, or does not answer. */
export const findHostedDoor = async ({ url, ca_file }: DeskAddress): Promise<HostedDoor | null> => {
  try {
    const found = read(metadata, await askDoor(`${new URL(url).origin}${PATH}`, { ca_file }));
    return found && { resource: found.resource, issuer: found.authorization_servers[0]! };
  } catch {
    return null;
  }
};

/** Tries the door as the connector would find it, at its own address; what blocks it, or null. */
export const checkHostedDoor = async (
  { resource, issuer }: HostedDoor,
  ca_file: string | null,
): Promise<string | null> => {
  try {
    const refused = await askDoor(resource, {
      ca_file,
      body: { jsonrpc: '2.0', id: 1, method: 'ping' },
    });
    const told = refused.headers['www-authenticate'] ?? '';
    if (refused.status !== 401 || !told.includes('resource_metadata='))
      return `${resource} does not say how to be let in (${refused.status}): does Nginx pass it to orchestration?`;
    const server = read(
      serverMetadata,
      await askDoor(`${issuer}/.well-known/oauth-authorization-server`, { ca_file }),
    );
    if (server?.issuer !== issuer)
      return `${issuer} is not answered by this desk: is PUBLIC_URL the name that Nginx serves?`;
    return server.code_challenge_methods_supported.includes('S256')
      ? null
      : `${issuer} takes no PKCE with S256`;
  } catch (error) {
    return whyUnreached(resource, error as NodeJS.ErrnoException);
  }
};
