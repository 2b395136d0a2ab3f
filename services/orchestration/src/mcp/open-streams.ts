import type { Log } from '@catalyst/service-kit';
import { InMemoryServerEventBus } from '@modelcontextprotocol/server';
import type { Holder } from '../flows/admit-holder.ts';

interface Open {
  holder: Holder;
  /** What a stream of 2026's clients follows. */
  followed: ReadonlySet<string>;
  end: AbortController;
}

interface Deps {
  /** Whether a key is still in force, asked each second of who holds a stream open. */
  isInForce: (holder: Holder) => Promise<boolean>;
  log: Log;
  ask_every_ms?: number;
}

const followedIn = (body: unknown): ReadonlySet<string> => {
  const { method, params } = (body ?? {}) as {
    method?: unknown;
    params?: { notifications?: { resourceSubscriptions?: unknown } };
  };
  const uris = params?.notifications?.resourceSubscriptions;
  return new Set(
    method === 'subscriptions/listen' && Array.isArray(uris) ? (uris as string[]) : [],
  );
};

/** The requests and streams that are open at this copy, by key: a revoked key's end with it. */
export const createOpenStreams = ({ isInForce, log, ask_every_ms = 1000 }: Deps) => {
  const open = new Set<Open>();
  const bus = new InMemoryServerEventBus((error) => log.warn('mcp_listener_failed', { error }));

  const endOf = (key_id: string): void => {
    for (const { holder, end } of open) if (holder.key_id === key_id) end.abort();
  };
  const ask = async (): Promise<void> => {
    const holders = new Map([...open].map(({ holder }) => [holder.key_id, holder]));
    for (const holder of holders.values()) if (!(await isInForce(holder))) endOf(holder.key_id);
  };
  const asking = setInterval(
    () => void ask().catch((error: unknown) => log.debug('mcp_key_unasked', { error })),
    ask_every_ms,
  ).unref();

  return {
    /** Where 2026's streams hear of changes. */
    bus,
    /** Serves a request that a revocation may cut off, its stream too. */
    hold: async (
      holder: Holder,
      request: Request,
      body: unknown,
      serve: (request: Request) => Promise<Response>,
    ): Promise<Response> => {
      const end = new AbortController();
      const entry = { holder, followed: followedIn(body), end };
      open.add(entry);
      const signal = AbortSignal.any([request.signal, end.signal]);
      const leave = (): void => void open.delete(entry);
      const answer = await serve(
        new Request(request.url, { method: request.method, headers: request.headers, signal }),
      ).catch((error: unknown) => {
        leave();
        throw error;
      });
      if (!answer.headers.get('content-type')?.startsWith('text/event-stream') || !answer.body) {
        leave();
        return answer;
      }
      const passed = new TransformStream();
      void answer.body.pipeTo(passed.writable, { signal }).then(leave, leave);
      return new Response(passed.readable, { status: answer.status, headers: answer.headers });
    },
    /** Tells 2026's clients which of what they follow changed; "/" at the end stands for all below. */
    announce: (uris: readonly string[]): void => {
      const followed = new Set([...open].flatMap((entry) => [...entry.followed]));
      for (const uri of followed)
        if (
          uris.some(
            (changed) => changed === uri || (changed.endsWith('/') && uri.startsWith(changed)),
          )
        )
          bus.publish({ kind: 'resource_updated', uri });
    },
    endOf,
    stop: (): void => {
      clearInterval(asking);
      for (const { end } of open) end.abort();
    },
  };
};
export type OpenStreams = ReturnType<typeof createOpenStreams>;
