/** Tools whose answers quote somebody outside, with what they are asked. */
export const TOOLS_THAT_QUOTE = [
  ['get_scan_results', {}],
  ['get_candidate_analysis', { symbol: 'ACME' }],
  ['get_trade_journal', {}],
  ['get_timeline', {}],
  ['get_alerts', {}],
  ['explain_symbol', { symbol: 'ACME' }],
] as const;
