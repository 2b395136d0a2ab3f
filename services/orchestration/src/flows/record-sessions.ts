import type { SessionFact } from '@catalyst/contracts';
import { messageOf, outsideContext, type Log } from '@catalyst/service-kit';
import type { Services } from '../services.ts';

interface Delivery {
  client_id: string;
  session_id: string;
  seqs: number[];
  at: string;
}

interface Receiver {
  client: { client_id: string };
  session_id: string;
}

const EVERY_MS = 1000;
const AT_A_TIME = 1000;
/** Facts kept while workflow is away; beyond that the oldest go, and health says so. */
const MOST_KEPT = 200_000;

/** Tells workflow what was delivered and what happened to sessions, in batches; what fails is told again. */
export const createRecordSessions = (
  workflow: Services['workflow'],
  now: () => string,
  log: Log,
) => {
  const deliveries = new Map<string, Delivery>();
  let toMany: { seq: number; at: string; sessions: readonly Receiver[] }[] = [];
  let facts: SessionFact[] = [];
  const seen = new Map<string, string>();
  let lost = 0;
  let trouble: string | null = null;
  let running: Promise<void> | null = null;

  /** What was handed to many at once is taken apart here, where nobody waits for it. */
  const sortOut = (): void => {
    const handed = toMany;
    toMany = [];
    for (const { seq, at, sessions } of handed)
      for (const { client, session_id } of sessions)
        add({ client_id: client.client_id, session_id, at }, [seq]);
  };
  const flush = async (): Promise<void> => {
    sortOut();
    while (deliveries.size > 0 || facts.length > 0 || seen.size > 0) {
      const batch = [...deliveries.values()].slice(0, AT_A_TIME);
      const told = facts.slice(0, AT_A_TIME);
      const signs = [...seen].slice(0, 20_000);
      for (const { session_id } of batch) deliveries.delete(session_id);
      try {
        await workflow.recordSessions({
          body: {
            deliveries: batch,
            facts: told,
            seen: signs.map(([client_id, at]) => ({ client_id, at })),
          },
        });
        facts = facts.slice(told.length);
        for (const [client_id, at] of signs) if (seen.get(client_id) === at) seen.delete(client_id);
        trouble = null;
      } catch (error) {
        for (const { seqs, ...of } of batch) add(of, seqs, true);
        trouble = `deliveries to clients wait to be recorded: ${messageOf(error)}`;
        log.warn('sessions_not_recorded', { reason: messageOf(error) });
        return;
      }
    }
  };
  const add = (of: Omit<Delivery, 'seqs'>, seqs: readonly number[], isFirst = false): void => {
    const known = deliveries.get(of.session_id);
    if (!known) deliveries.set(of.session_id, { ...of, seqs: [...seqs] });
    else if (isFirst) known.seqs.unshift(...seqs);
    else known.seqs.push(...seqs);
  };
  const timer = setInterval(() => {
    running ??= outsideContext(flush).finally(() => {
      running = null;
    });
  }, EVERY_MS).unref();

  return {
    delivered: (client_id: string, session_id: string, seq: number): void =>
      add({ client_id, session_id, at: now() }, [seq]),
    /** One row to many at once. */
    deliveredTo: (sessions: readonly Receiver[], seq: number): void =>
      void toMany.push({ seq, at: now(), sessions }),
    happened: (
      client_id: string,
      kind: SessionFact['kind'],
      details: Record<string, unknown>,
    ): void => {
      if (facts.length >= MOST_KEPT) {
        facts.shift();
        lost += 1;
      }
      facts.push({ client_id, kind, details, at: now() });
    },
    seen: (client_id: string): void => void seen.set(client_id, now()),
    trouble: (): string | null => (lost > 0 ? `${lost} facts about clients are lost` : trouble),
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await running;
      await flush();
    },
  };
};
export type RecordSessions = ReturnType<typeof createRecordSessions>;
