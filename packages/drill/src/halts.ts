import { points, type Point } from './points.ts';

/** A halt that comes while an entry is under way. */
export interface HaltCase {
  name: string;
  says: string;
  /** Where the entry is held while the desk is halted; null where a fault holds it up. */
  point: Point | null;
  faults: object[];
  /** The case is none unless the desk asked for a cancel: that came too late. */
  is_cancelled_late?: boolean;
  is_quick?: boolean;
}

const at = (name: string): Point => points.find((point) => point.name === name)!;

export const halts: readonly HaltCase[] = [
  {
    name: 'halt@signal_chosen',
    says: 'the desk is halted when the decision is not yet committed',
    point: at('signal_chosen'),
    faults: [],
  },
  {
    name: 'halt@risk_reserved',
    says: 'the desk is halted when risk has approved and trading has not yet intended',
    point: at('risk_reserved'),
    faults: [],
    is_quick: true,
  },
  {
    name: 'halt@entry_unconfirmed',
    says: 'the desk is halted when an entry has vanished on its way and would be sent again',
    point: null,
    faults: [
      { where: { rest: 'POST /v2/orders' }, when: { first: 2 }, what: { kind: 'lost_request' } },
    ],
    is_quick: true,
  },
  {
    name: 'halt@filled_untold',
    says: 'the desk is halted when an entry is filled and nobody was told: its cancel comes too late, and the fill a minute after it',
    point: null,
    faults: [
      {
        where: { stream: 'trade_updates', event: 'fill' },
        when: { nth: 1 },
        what: { kind: 'late', minutes: 1 },
      },
    ],
    is_cancelled_late: true,
  },
];
