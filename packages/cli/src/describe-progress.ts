import type { CycleProgress } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import { showGain } from './show-gain.ts';
import { count } from './wording.ts';

/** One line that tells where the day stands. */
export const describeProgress = ({
  cycle,
  as_of,
  candidates,
  open_positions,
  closed_positions,
  day_pnl_usd,
}: CycleProgress): string =>
  `${inNewYork(as_of).clock} New York · ${cycle.state} · ${count(candidates.length, 'candidate')} · ${count(open_positions, 'position')} open, ${closed_positions} closed · ${showGain(day_pnl_usd)}`;

/** The same with the candidates and what comes next. */
export const describeCycle = (progress: CycleProgress): string =>
  [
    `cycle ${progress.cycle.cycle_id} of ${progress.cycle.trade_date} (${progress.cycle.session_mode})`,
    describeProgress(progress),
    ...(progress.candidates.length > 0 ? [`candidates: ${progress.candidates.join(', ')}`] : []),
    ...(progress.next_job === null
      ? []
      : [
          `next job: ${progress.next_job.job} at ${inNewYork(progress.next_job.due_at).clock} New York`,
        ]),
  ].join('\n');
