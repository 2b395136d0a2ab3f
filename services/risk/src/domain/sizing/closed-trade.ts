/** A trade of the desk that is over. */
export interface ClosedTrade {
  /** Result in multiples of the risk first taken. */
  r_multiple: number;
  pattern: string | null;
  catalyst_type: string | null;
}
