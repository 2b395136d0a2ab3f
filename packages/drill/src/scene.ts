import type { DrillDesk } from './drill-desk.ts';
import type { CaseResult } from './settle.ts';

/** Something that stays broken for longer than one call, while shares are held. */
export interface Scene {
  name: string;
  says: string;
  run(desk: DrillDesk): Promise<CaseResult>;
  is_quick?: boolean;
  /** Why this machine or this user cannot make it; null where it can. */
  left_out?(): string | null;
}
