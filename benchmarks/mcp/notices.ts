import type { workflowApi } from '@catalyst/contracts';
import type { Client as ServiceClient } from '@catalyst/service-kit';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const FOLLOWED = 'catalyst://trading-cycle/current';
const REVISION = '2026-07-28';

interface Wanted {
  url: string;
  key: string;
  workflow: ServiceClient<typeof workflowApi>;
  times: number;
}

/** How long one notification took, in ms: from when its act was sent, and from its answer. */
export interface Notice {
  since_sent: number;
  since_answered: number;
}

/**
 * Changes the session and waits until clients of both eras that follow it are told. The commit lies
 * between an act's request and its answer.
 */
export const timeNotices = async ({
  url,
  key,
  workflow,
  times,
}: Wanted): Promise<Record<'2025' | '2026', Notice[]>> => {
  const headers = { 'X-API-Key': key };
  const connect = async (client: Client): Promise<{ told: () => Promise<number>; end: Client }> => {
    let hear: (at: number) => void = () => {};
    client.setNotificationHandler('notifications/resources/updated', () => hear(performance.now()));
    await client.connect(
      new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }),
    );
    return {
      told: () =>
        new Promise((resolve) => {
          hear = resolve;
        }),
      end: client,
    };
  };
  const info = { name: 'benchmark', version: '1' };
  const old = await connect(new Client(info));
  const modern = await connect(
    new Client(info, { versionNegotiation: { mode: { pin: REVISION } } }),
  );
  await old.end.subscribeResource({ uri: FOLLOWED });
  await modern.end.listen({ resourceSubscriptions: [FOLLOWED] });
  const found: Record<'2025' | '2026', Notice[]> = { 2025: [], 2026: [] };
  // the first few wait for streams that open and code that warms
  for (let turn = -5; turn < times; turn += 1) {
    const heard = Promise.all([old.told(), modern.told()]);
    const sent = performance.now();
    await workflow.setSessionMode({
      body: {
        session_mode: turn % 2 === 0 ? 'autonomous' : 'supervised',
        by: 'the benchmark',
        reason: 'to be told of it',
      },
    });
    const answered = performance.now();
    const [first, second] = await heard;
    if (turn < 0) continue;
    found['2025'].push({ since_sent: first - sent, since_answered: first - answered });
    found['2026'].push({ since_sent: second - sent, since_answered: second - answered });
  }
  await old.end.close();
  await modern.end.close();
  return found;
};
