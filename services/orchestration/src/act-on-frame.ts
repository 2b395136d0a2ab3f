import type { ClientFrame, StreamErrorCode } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import type { FollowSignals } from './flows/follow-signals.ts';
import type { RecordSessions } from './flows/record-sessions.ts';
import type { Services } from './services.ts';
import type { SignalFanOut } from './signal-fan-out.ts';
import type { SignalSession } from './signal-session.ts';

interface Deps {
  follow: FollowSignals;
  fanOut: SignalFanOut;
  record: RecordSessions;
  workflow: Pick<Services['workflow'], 'takeFeedback'>;
  now(): string;
}

/** What each frame of an admitted client does. */
export const createActOnFrame = ({ follow, fanOut, record, workflow, now }: Deps) => {
  return async (session: SignalSession, frame: ClientFrame): Promise<void> => {
    const fault = (code: StreamErrorCode, message: string): void =>
      session.send({ type: 'error', code, message });
    const { client_id } = session.client;
    switch (frame.type) {
      case 'auth':
        return fault('ALREADY_AUTHENTICATED', 'this connection has its client already');
      case 'ping':
        return session.send({
          type: 'pong',
          ...(frame.id !== undefined && { id: frame.id }),
          server_time: now(),
        });
      case 'subscribe': {
        if (session.state !== 'open')
          return fault('ALREADY_SUBSCRIBED', 'change the filters with update_filters');
        // another copy may be ahead of this one
        if (typeof frame.after_seq === 'number') await follow.reach(frame.after_seq);
        if (session.state !== 'open')
          return fault('ALREADY_SUBSCRIBED', 'change the filters with update_filters');
        const filters = frame.filters ?? session.client.configuration.settings.filters;
        const refused = fanOut.subscribe(session, filters, frame.after_seq ?? null);
        if (refused)
          return fault(
            refused,
            `after_seq must be at most ${follow.head()}, was ${frame.after_seq}`,
          );
        return record.happened(client_id, 'subscribed', { filters, after_seq: session.told });
      }
      case 'update_filters':
        if (session.state === 'open') return fault('NOT_SUBSCRIBED', 'subscribe first');
        fanOut.filter(session, frame.filters);
        return record.happened(client_id, 'subscribed', { filters: frame.filters });
      case 'ack':
        if (frame.seq > session.told)
          return fault(
            'SEQ_AHEAD',
            `seq must be at most ${session.told}, which is the last that was sent`,
          );
        record.happened(client_id, 'acked', { seq: frame.seq });
        return session.send({ type: 'ack_recorded', seq: frame.seq });
      case 'feedback': {
        const { type: _, ...body } = frame;
        const tradesIt = ['entered', 'closed'].includes(body.outcome) && !body.is_dry_run;
        if (tradesIt && session.client.scope !== 'trade')
          return fault('SCOPE_NOT_GRANTED', 'a key with the scope read does not trade');
        try {
          const { signal_id, outcome } = await workflow.takeFeedback({
            params: { client_id },
            body,
          });
          return session.send({ type: 'feedback_recorded', signal_id, outcome });
        } catch (error) {
          const isUnknown = error instanceof AppError && error.code === 'NOT_FOUND';
          return isUnknown
            ? fault('UNKNOWN_SIGNAL', error.message)
            : fault('TRY_AGAIN', 'the feedback could not be stored: send it again later');
        }
      }
    }
  };
};
