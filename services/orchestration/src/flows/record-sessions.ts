import type { SessionFact } from '@catalyst/contracts';
import { messageOf, outsideContext, type Log } from '@catalyst/service-kit';
import type { Services } from '../services.ts';

interface Delivery {
  client_id: string;
  session_id: string;
  seqs: number[];
  at: string;
}

/** Which connection of which client. */
export interface Receiver {
  readonly client_id: string;
  readonly session_id: string;
}
interface FanOut {
  seq: number;
  at: string;
  sessions: Receiver[];
}

const EVERY_MS = 1000;
const AT_A_TIME = 1000;
/** Of those who were given a row at once; workflow reads no more than 1 MB. */
const RECEIVERS_AT_A_TIME = 5000;
/** Facts kept while workflow is away; beyond that the oldest go, and health says so. */
const MOST_KEPT = 200_000;

/** Tells workflow what was delivered and what happened to sessions, in batches; what fails is told again. */
export const createRecordSessions = (
  workflow: Services['workflow'],
  now: () => string,
  log: Log,
) => {
  const deliveries = new Map<string, Delivery>();
  let fannedOut: FanOut[] = [];
  let facts: SessionFact[] = [];
  const seen = new Map<string, string>();
  let lost = 0;
  let trouble: string | null = null;
  let running: Promise<void> | null = null;

  /** As many of the rows that went to many as one request takes. */
  const someFanOuts = (): FanOut[] => {
    let room = RECEIVERS_AT_A_TIME;
    const fitting = fannedOut.slice(0, AT_A_TIME).findIndex(({ sessions }) => {
      room -= sessions.length;
      return room < 0;
    });
    return fannedOut.slice(0, fitting < 0 ? AT_A_TIME : fitting);
  };
  const flush = async (): Promise<void> => {
    while (deliveries.size > 0 || fannedOut.length > 0 || facts.length > 0 || seen.size > 0) {
      const batch = [...deliveries.values()].slice(0, AT_A_TIME);
      const fanned_out = someFanOuts();
      const told = facts.slice(0, AT_A_TIME);
      const signs = [...seen].slice(0, 20_000);
      for (const { session_id } of batch) deliveries.delete(session_id);
      try {
        await workflow.recordSessions({
          body: {
            deliveries: batch,
            fanned_out,
            facts: told,
            seen: signs.map(([client_id, at]) => ({ client_id, at })),
          },
        });
        fannedOut = fannedOut.slice(fanned_out.length);
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
    delivered: (receiver: Receiver, seq: number): void => add({ ...receiver, at: now() }, [seq]),
    /** One row to many at once. */
    deliveredTo: (sessions: readonly Receiver[], seq: number): void => {
      const at = now();
      for (let from = 0; from < sessions.length; from += RECEIVERS_AT_A_TIME)
        fannedOut.push({ seq, at, sessions: sessions.slice(from, from + RECEIVERS_AT_A_TIME) });
    },
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
    seen: (client_id: string, at = now()): void => void seen.set(client_id, at),
    trouble: (): string | null => (lost > 0 ? `${lost} facts about clients are lost` : trouble),
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await running;
      await flush();
    },
  };
};
export type RecordSessions = ReturnType<typeof createRecordSessions>;
