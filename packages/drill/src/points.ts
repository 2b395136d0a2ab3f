import type { BrokerGate, Passing } from './broker-gate.ts';
import type { DatabaseGate } from './database-gate.ts';
import type { OwnExitKind } from './desk-operator.ts';
import type { Gate } from './gate.ts';

/** Where the desk is held while it trades, and what becomes of what stood there. */
export interface Point {
  name: string;
  /** The half of a trade in which it lies. */
  half: 'entry' | 'exit';
  /** At an exit: the order of a person's own that it is to be, in place of one at market. */
  own_exit?: OwnExitKind;
  /** What it is, for a person. */
  says: string;
  /** More shares than the market gives at once. */
  is_large?: boolean;
  /** What becomes of a request or an answer that was held while its sender was killed. */
  fate?: 'pass' | 'drop';
  arm(gates: { broker: BrokerGate; database: DatabaseGate }): Promise<Gate>;
}

interface OrderBody {
  side?: string;
  type?: string;
  order_class?: string;
}
const bodyOf = ({ body }: Passing): OrderBody => {
  try {
    return JSON.parse(body) as OrderBody;
  } catch {
    return {};
  }
};
const isOrder = (passing: Passing): boolean =>
  passing.method === 'POST' && passing.path === '/v2/orders';
const isEntry = (passing: Passing): boolean =>
  isOrder(passing) && bodyOf(passing).order_class === 'bracket';
/** A plain sell; a protection is an OCO or a stop. */
const isExit = (passing: Passing): boolean =>
  (isOrder(passing) && bodyOf(passing).side === 'sell' && bodyOf(passing).order_class !== 'oco') ||
  (passing.method === 'DELETE' && passing.path.startsWith('/v2/positions/'));
const isTrail = (passing: Passing): boolean =>
  isOrder(passing) && bodyOf(passing).type === 'trailing_stop';
const isMove = ({ method, path }: Passing): boolean =>
  method === 'PATCH' && path.startsWith('/v2/orders/');
const isCancel = ({ method, path }: Passing): boolean =>
  method === 'DELETE' && path.startsWith('/v2/orders/');

const atBroker =
  (isIt: (passing: Passing) => boolean, phase: Passing['phase']): Point['arm'] =>
  async ({ broker }) =>
    broker.arm((passing) => passing.phase === phase && isIt(passing));

/** The moments of a trade at which a desk is broken, in their order. */
export const points: readonly Point[] = [
  {
    name: 'signal_chosen',
    half: 'entry',
    says: 'risk has approved, workflow writes the signal with the outcome, not committed',
    arm: ({ database }) => database.arm({ table: 'trading_signals', act: 'INSERT', when: 'true' }),
  },
  {
    name: 'risk_reserved',
    half: 'entry',
    says: 'risk has approved and reserved, trading has not yet committed the intent',
    arm: ({ database }) =>
      database.arm({ table: 'orders', act: 'INSERT', when: "NEW.role = 'entry'" }),
  },
  {
    name: 'intent_committed',
    half: 'entry',
    says: 'the intent is committed, the broker never sees the request',
    fate: 'drop',
    arm: atBroker(isEntry, 'request'),
  },
  {
    name: 'request_on_the_wire',
    half: 'entry',
    says: 'the request reaches the broker after its sender was hit',
    fate: 'pass',
    arm: atBroker(isEntry, 'request'),
  },
  {
    name: 'accepted_answer_unread',
    half: 'entry',
    says: 'the broker has the order, the answer is lost',
    fate: 'drop',
    arm: atBroker(isEntry, 'answer'),
  },
  {
    name: 'answer_read_row_not_updated',
    half: 'entry',
    says: 'trading read the answer and has not committed it',
    arm: ({ database }) =>
      database.arm({
        table: 'orders',
        act: 'UPDATE',
        when: "NEW.role = 'entry' AND OLD.broker_order_id IS NULL AND NEW.broker_order_id IS NOT NULL",
      }),
  },
  {
    name: 'partial_fill_seen',
    half: 'entry',
    says: 'a first part is filled, its row not committed',
    is_large: true,
    arm: ({ database }) => database.arm({ table: 'fills', act: 'INSERT', when: 'true' }),
  },
  {
    name: 'filled_with_legs_live',
    half: 'entry',
    says: 'the broker holds the shares and their legs, the position is not yet booked as open',
    arm: ({ database }) =>
      database.arm({
        table: 'positions',
        act: 'UPDATE',
        when: "OLD.status = 'opening' AND NEW.status = 'open'",
      }),
  },
  {
    name: 'exit_intended',
    half: 'exit',
    says: 'the exit is decided, no leg is cancelled yet',
    fate: 'drop',
    arm: atBroker(isCancel, 'request'),
  },
  {
    name: 'legs_cancelled',
    half: 'exit',
    says: 'the legs are cancelled, the exit is not sent',
    fate: 'drop',
    arm: atBroker(isExit, 'request'),
  },
  {
    name: 'exit_sent',
    half: 'exit',
    says: 'the broker has the exit, the answer is lost',
    fate: 'drop',
    arm: atBroker(isExit, 'answer'),
  },
  {
    name: 'own_exit_intended',
    half: 'exit',
    own_exit: 'trail',
    says: 'the legs are cancelled for a trailing stop that a person asked for, which is not sent',
    fate: 'drop',
    arm: atBroker(isTrail, 'request'),
  },
  {
    name: 'own_exit_moved',
    half: 'exit',
    own_exit: 'limit',
    says: "the broker has moved the target to a person's limit, the answer is lost",
    fate: 'drop',
    arm: atBroker(isMove, 'answer'),
  },
];
