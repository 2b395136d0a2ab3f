import { describe, expect, it } from '@jest/globals';
import { symbolStory } from '@catalyst/contracts';
import { describeStory } from '../src/describe-story.ts';
import { createTerminal } from '../src/terminal.ts';

const id = (digit: string): string => `${digit.repeat(8)}-0000-8000-8000-${'0'.repeat(12)}`;
const at = (clock: string): string => `2026-03-24T${clock}:00.000Z`;
const terminal = createTerminal({ is_json: false, env: { NO_COLOR: '1' } });
const scan = {
  phase: 'intraday',
  rank: null,
  composite_score: null,
  catalyst_type: 'earnings',
  catalyst_strength: 0.9,
  sentiment: 0.97,
  article_id: id('a'),
  headline: 'Acme beats',
  technical: null,
  pattern: null,
};
const prices = { entry_price: '66.19', stop_price: '65.42', target_price: '68.93' };
const order = {
  broker_order_id: null,
  cycle_id: id('c'),
  position_id: id('9'),
  order_class: 'bracket',
  time_in_force: 'day',
  qty: '302',
  filled_qty: '302',
  filled_avg_price: '66.23',
  limit_price: null,
  stop_price: null,
  reason: null,
  created_at: at('14:20'),
  updated_at: at('14:21'),
};
const empty = {
  symbol: 'ACME',
  name: '',
  sector: null,
  cycle_id: id('c'),
  trade_date: '2026-03-24',
  cycle_state: 'closed',
  verdict: 'What became of it.',
  news: [],
  scans: [],
  decisions: [],
  signals: [],
  reviews: [],
  proposals: [],
  orders: [],
  positions: [],
  afterwards: null,
};
const traded = {
  ...empty,
  name: 'Acme Corp',
  sector: 'Industrials',
  news: [
    {
      article_id: id('a'),
      source: 'wire',
      headline: 'Acme beats\u001b[31m',
      url: null,
      published_at: at('10:54'),
      first_seen_at: at('10:55'),
      sentiment: 0.97,
      scored_by: 'lexicon',
      catalyst_type: 'earnings',
      catalyst_strength: 0.9,
      is_repeat: false,
    },
  ],
  scans: [
    ...['13:35', '13:40'].map((clock) => ({
      ...scan,
      scan_id: id('1'),
      completed_at: at(clock),
      stage: 'technical',
      passed: false,
      reason: `rsi_14 of ${clock}`,
    })),
    {
      ...scan,
      scan_id: id('2'),
      completed_at: at('14:20'),
      stage: 'ranking',
      passed: true,
      reason: 'rank 2',
      rank: 2,
      composite_score: 0.807,
    },
    {
      ...scan,
      scan_id: id('3'),
      completed_at: at('14:25'),
      stage: 'technical',
      passed: false,
      reason: 'later',
    },
  ],
  decisions: [
    {
      decision_id: id('d'),
      decided_at: at('14:20'),
      kind: 'enter',
      outcome: 'submitted',
      reason: 'closed above',
      article_id: id('a'),
      intent_id: id('e'),
      scan_id: id('2'),
      pattern: 'gap_and_hold',
    },
  ],
  signals: [
    {
      seq: 5,
      signal_id: id('5'),
      decision_id: id('d'),
      side: 'buy',
      ...prices,
      confidence: 1,
      created_at: at('14:20'),
      valid_until: at('14:25'),
    },
  ],
  reviews: [
    {
      intent_id: id('e'),
      decided_at: at('14:20'),
      intent: {
        intent_id: id('e'),
        cycle_id: id('c'),
        symbol: 'ACME',
        direction: 'long',
        qty: null,
        limit_price: null,
        ...prices,
      },
      decision: {
        verdict: 'approved',
        approval_id: id('f'),
        intent_id: id('e'),
        qty: '302',
        risk_usd: '232.54',
        notional_usd: '19989.38',
        expires_at: at('14:21'),
        sizing: { tightest: 'max_position_ratio', max_position_ratio: '302', buying_power: '5438' },
      },
    },
  ],
  orders: [
    {
      ...order,
      client_order_id: 'in',
      side: 'buy',
      role: 'entry',
      type: 'limit',
      limit_price: '66.32',
      status: 'filled',
      parent_client_order_id: null,
      changes: [],
      fills: [{ execution_id: 'x', qty: '302', price: '66.23', filled_at: at('14:21') }],
    },
    {
      ...order,
      client_order_id: 'stop',
      side: 'sell',
      role: 'stop',
      type: 'stop',
      stop_price: '66.23',
      status: 'canceled',
      filled_qty: '0',
      filled_avg_price: null,
      parent_client_order_id: 'in',
      changes: [
        {
          occurred_at: at('15:00'),
          event: 'stop_moved',
          status: 'new',
          told_by: 'desk',
          from_price: '65.42',
          to_price: '66.23',
          why: 'one R was reached',
        },
      ],
      fills: [],
    },
  ],
  positions: [
    {
      position_id: id('9'),
      cycle_id: id('c'),
      direction: 'long',
      status: 'closed',
      qty: '0',
      entered_qty: '302',
      entry_price: '66.23',
      entered_at: at('14:21'),
      exit_price: '68.16',
      exited_at: at('19:31'),
      exit_reason: 'end_of_day',
      initial_stop_price: '65.42',
      target_price: '68.93',
      last_price: '68.16',
      last_price_at: '2026-03-24T14:30:00.000Z',
      unrealized_pnl_usd: '0',
      realized_pnl_usd: '582.86',
      r_multiple: 2.3827,
      is_protected: false,
      is_adopted: false,
      intent_id: id('e'),
    },
  ],
  afterwards: {
    since: at('19:31'),
    price: '68.16',
    highest: '68.84',
    lowest: '67.48',
    last: '67.48',
    until: at('20:00'),
  },
};

describe('a story for a person', () => {
  it('goes step by step from the headline to the result, in New York times, without control characters', () => {
    expect(describeStory(symbolStory.parse(traded), terminal)).toBe(`ACME, Acme Corp (Industrials)
2026-03-24, times in New York: What became of it.

news
  06:55  "Acme beats [31m"
         wire: earnings, strength 0.90, sentiment +0.97 (lexicon)

scans: the last stage it entered, and why it ended there or was chosen
  09:35 to 09:40   technical  out     rsi_14 of 13:40 (the last of 2 scans)
  10:20            ranking    chosen  rank 2
  and 1 scan after that

stages of the scan that was decided on
  catalyst   earnings, strength 0.90
  ranking    rank 2, composite score 0.807

decisions
  10:20  enter, submitted: closed above

signals
  10:20  number 5: buy at 66.19, stop 65.42, target 68.93, good until 10:25

risk
  10:20  asked: long as many as risk allows at 66.19, stop 65.42, target 68.93
         approved: 302 shares, $232.54 at risk, $19989.38 in all
         shares that each limit allows: max position ratio 302 (the tightest), buying power 5438

orders
  10:20  entry: buy 302, limit 66.32: filled
         filled 302 at 66.23 at 10:21
  10:20  stop: sell 302, stop 66.23: canceled
         stop moved from 65.42 to 66.23 at 11:00: one R was reached

result
  +$582.86, +2.38 R, held from 10:21 to 15:31; left: end of day

afterwards
  from 68.16 at 15:31 to 67.48 at 16:00 (-1.00 %); highest 68.84 (+1.00 %), lowest 67.48 (-1.00 %)`);
  });
  it('tells every scan of a stock that was not held', () => {
    const told = describeStory(symbolStory.parse({ ...traded, positions: [] }), terminal);
    expect(told).toContain('10:25            technical  out     later');
    expect(told).not.toContain('after that');
  });
  it('leaves out the steps that it did not come to', () => {
    expect(describeStory(symbolStory.parse(empty), terminal)).toBe(
      'ACME\n2026-03-24, times in New York: What became of it.',
    );
  });
});
