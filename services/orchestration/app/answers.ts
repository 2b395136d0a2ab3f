import type { PositionPicture } from '@catalyst/charts';
import type { ToolResult } from './host.ts';

/** As much of the answers of the desk's tools as the page shows. */
export interface Held {
  position_id: string;
  symbol: string;
  direction: 'long' | 'short';
  status: 'opening' | 'open' | 'closing' | 'closed';
  qty: string;
  entry_price: string | null;
  last_price: string | null;
  unrealized_pnl_usd: string;
  realized_pnl_usd: string;
  live_stop_price: string | null;
  live_target_price: string | null;
  risk_usd: string | null;
  price_age_seconds: number | null;
  is_protected: boolean;
}
export interface Desk {
  mode: string;
  now: string | null;
  trading_state: string;
  trading_reason: string;
  session: { trade_date: string; session_mode: string; state: string } | null;
  positions: Held[];
}

/** The desk's own words of an answer, without its first line, which says of which desk it is. */
export const wordsOf = ({ content }: ToolResult): string =>
  (content ?? [])
    .flatMap(({ type, text }) => (type === 'text' && text ? [text] : []))
    .join('\n')
    .split('\n')
    .slice(1)
    .join('\n')
    .trim();

export const deskOf = ({ structuredContent, isError }: ToolResult): Desk | null =>
  !isError && Array.isArray(structuredContent?.positions)
    ? (structuredContent as unknown as Desk)
    : null;
export const pictureOf = ({ structuredContent }: ToolResult): PositionPicture | null =>
  (structuredContent?.chart as PositionPicture | undefined) ?? null;
export const mayExecute = ({ structuredContent }: ToolResult): boolean =>
  (structuredContent?.closing as { may_execute?: boolean } | undefined)?.may_execute === true;
