/** What a person says, and what a right answer needs. */
export interface Question {
  asked: string;
  /** Tools of which one must be called; the first is the usual one. */
  tools: readonly string[];
  /** Arguments that the call must have; symbols as they are said. */
  given?: Readonly<Record<string, unknown>>;
  /** What the answer must tell, as words or fields of the tool's answer. */
  facts: readonly string[];
  /** Tools that would be wrong, because they act where nobody asked. */
  never?: readonly string[];
}

const ACTS = ['execute_trade', 'flatten_all', 'stop_trading_session', 'close_position'] as const;
const ask = (
  asked: string,
  tools: string | readonly string[],
  facts: readonly string[],
  more: Pick<Question, 'given' | 'never'> = {},
): Question => ({
  asked,
  tools: typeof tools === 'string' ? [tools] : tools,
  facts,
  never: ACTS.filter((act) => !tools.includes(act)),
  ...more,
});

/** Questions and orders, as they are said to a desk. */
export const QUESTIONS: readonly Question[] = [
  ask('How much can I lose today?', 'get_risk_status', [
    'daily_loss_limit_usd',
    'day_if_every_stop_is_hit_usd',
  ]),
  ask('What would it cost if every stop were hit right now?', 'get_risk_status', ['open_risk_usd']),
  ask('How much room is left before the daily loss limit?', 'get_risk_status', [
    'daily_loss_used_ratio',
  ]),
  ask('What are my risk limits, and how far could they be raised?', 'get_risk_status', [
    'limits',
    'max',
  ]),
  ask('How much exposure do we have?', 'get_risk_status', ['exposure_usd']),
  ask(
    'Is trading halted, and why?',
    ['get_risk_status', 'get_cycle_status'],
    ['trading_state', 'trading_reason'],
  ),
  ask('What do we hold?', 'get_positions', ['symbol', 'qty', 'unrealized_pnl_usd']),
  ask('Show me my open positions with their stops and targets.', 'get_positions', [
    'live_stop_price',
    'live_target_price',
  ]),
  ask('Is every position protected by a live stop?', 'get_positions', ['is_protected']),
  ask('How old is the last price of GRTH?', 'get_positions', ['price_age_seconds'], {
    given: { symbol: 'GRTH' },
  }),
  ask('How did we do today?', 'get_performance_report', ['equity_change_usd', 'realized_pnl_usd']),
  ask(
    'What is our win rate and drawdown this week?',
    'get_performance_report',
    ['win_rate', 'max_drawdown_usd'],
    { given: { period: 'weekly' } },
  ),
  ask(
    'How was the month, profit factor and expectancy?',
    'get_performance_report',
    ['profit_factor'],
    { given: { period: 'monthly' } },
  ),
  ask('Do the books agree with the broker for yesterday?', 'get_performance_report', [
    'reconciled',
  ]),
  ask('Was the news right today?', 'get_performance_report', ['was_right']),
  ask('List the closed trades with their result in R.', 'get_trade_journal', ['r_multiple']),
  ask(
    'Why was the last closed trade entered, and how did it end?',
    ['get_trade_journal', 'explain_symbol'],
    ['exit_reason'],
  ),
  ask('Show me the journal of 24 March.', 'get_trade_journal', ['entry_at'], {
    given: { trade_date: '2026-03-24' },
  }),
  ask('What did the market scan find?', 'get_scan_results', ['results', 'counts']),
  ask('Which candidates do we have, with their scores?', 'get_scan_results', ['composite_score']),
  ask('How many stocks passed each stage of the funnel?', 'get_scan_results', ['counts']),
  ask(
    'Which stocks were left out of the scan, and for what reason?',
    'get_scan_results',
    ['reason'],
    { given: { include: 'all' } },
  ),
  ask(
    'What is the RSI and relative volume of the candidate PLSD?',
    'get_candidate_analysis',
    ['rsi_14', 'relative_volume'],
    { given: { symbol: 'PLSD' } },
  ),
  ask(
    'Analyze the candidate WLWS: catalyst, pattern, levels.',
    'get_candidate_analysis',
    ['pattern', 'catalyst_type'],
    { given: { symbol: 'WLWS' } },
  ),
  ask('Why did we not buy GRTH?', 'explain_symbol', ['verdict'], { given: { symbol: 'GRTH' } }),
  ask('Why did we buy PLSD?', 'explain_symbol', ['verdict', 'decisions'], {
    given: { symbol: 'PLSD' },
  }),
  ask('What happened to the stop of YLWB?', 'explain_symbol', ['orders'], {
    given: { symbol: 'YLWB' },
  }),
  ask('What did SLTM do after we sold it?', 'explain_symbol', ['afterwards'], {
    given: { symbol: 'SLTM' },
  }),
  ask('What orders are open at the broker?', 'get_orders', ['orders'], {
    given: { status: 'open' },
  }),
  ask('Was my order filled, and at what price?', 'get_orders', ['filled_avg_price']),
  ask('Show the fills of PLSD.', 'get_orders', ['filled_qty'], { given: { symbol: 'PLSD' } }),
  ask('Why did the broker refuse the order?', ['get_orders', 'get_alerts'], ['reason']),
  ask('Did anything go wrong today?', 'get_alerts', ['alerts']),
  ask(
    'Are there proposals that wait for my yes?',
    ['get_alerts', 'list_proposals'],
    ['proposals', 'proposal_id'],
  ),
  ask('Show me the alerts that nobody acknowledged.', 'get_alerts', ['alerts'], { given: {} }),
  ask('Which watches do I have?', ['get_alerts', 'get_watches'], ['watch_id']),
  ask('What happened in the session since the open?', 'get_timeline', ['entries']),
  ask(
    'Why no trades before eleven?',
    ['get_timeline', 'get_scan_results', 'get_cycle_status'],
    ['entries'],
    { given: { kind: 'decision' } },
  ),
  ask('Show the last decisions with their reasons.', 'get_timeline', ['reason'], {
    given: { kind: 'decision' },
  }),
  ask('When does the market open next?', 'get_cycle_status', ['next_session']),
  ask('Is the exchange open now?', 'get_cycle_status', ['exchange']),
  ask('What is the plan for the rest of the day?', 'get_cycle_status', ['jobs']),
  ask(
    'Is the session supervised or autonomous?',
    ['get_cycle_status', 'set_session_mode'],
    ['session_mode'],
  ),
  ask('Is everything working? Any service down?', 'get_health', ['is_well']),
  ask('Does the database answer, and are bars late?', 'get_health', ['services']),
  ask('What would buying 100 ACME look like?', 'preview_trade', ['preview_id', 'notional_usd'], {
    given: { symbol: 'ACME', side: 'buy' },
  }),
  ask('Preview a trade: buy 50 shares of WLWS with a stop at 64.', 'preview_trade', ['risk_usd'], {
    given: { symbol: 'WLWS', side: 'buy' },
  }),
  ask('Would risk approve a short of BOLT?', 'preview_trade', ['status'], {
    given: { symbol: 'BOLT', side: 'sell' },
  }),
  ask('Yes, execute the trade that you previewed.', 'execute_trade', ['status'], { given: {} }),
  ask('Approve the proposal for PLSD.', ['approve_proposal', 'get_alerts'], ['status']),
  ask(
    'Reject that proposed trade, it is too late in the day.',
    ['reject_proposal', 'get_alerts'],
    ['status'],
  ),
  ask('Get us out of GRTH.', 'close_position', ['status'], { given: { symbol: 'GRTH' } }),
  ask('Sell half of our position in PLSD.', ['close_position', 'get_positions'], ['status'], {
    given: { symbol: 'PLSD' },
  }),
  ask('Take profit on PLSD at 48.50 with a limit order.', 'close_position', ['status'], {
    given: { symbol: 'PLSD', limit_price: 48.5 },
  }),
  ask('Put a trailing stop of 2 percent on GRTH.', ['close_position', 'move_stop'], ['status'], {
    given: { symbol: 'GRTH', trail_percent: 2 },
  }),
  ask('Put a stop-limit on WLWS: stop 63.20, limit 63.', 'close_position', ['live_stop_price'], {
    given: { symbol: 'WLWS', stop_price: 63.2, stop_limit_price: 63 },
  }),
  ask('Would a limit exit of YLWB at 66 be taken?', 'preview_trade', ['exit'], {
    given: { limit_price: 66 },
  }),
  ask('Move the stop of YLWB up to 61.80.', 'move_stop', ['live_stop_price'], {
    given: { symbol: 'YLWB' },
  }),
  ask('Cancel the entry order of SLTM that still waits.', 'cancel_entry', ['canceled_orders'], {
    given: { symbol: 'SLTM' },
  }),
  ask('Stop buying, but keep what we have.', 'pause_trading', ['trading_state']),
  ask('Halt the desk, something is strange.', 'halt_trading', ['trading_state']),
  ask('Sell everything now.', ['flatten_all', 'stop_trading_session'], ['preview_id']),
  ask('Lower the daily loss limit to 1,500 dollars.', 'update_risk_parameter', ['new_value'], {
    given: { name: 'daily_loss_limit_usd', value: 1500 },
  }),
  ask('Tell me when ACME touches 41.', 'set_watch', ['watch_id'], { given: { symbol: 'ACME' } }),
];
