import { drawPosition, LIGHT, svgText, type PositionPicture } from '@catalyst/charts';
import { drawPng } from '@catalyst/charts/png';
import type { StandingPosition } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import { pictureOf } from '../domain/picture-of.ts';
import type { Services } from '../services.ts';

type Deps = Pick<Services, 'workflow' | 'technical' | 'reporting'>;

/** As many bars as a day has, the hours before and after the session included. */
const MOST_BARS = 200;
const PNG_SIZE = { width: 720, height: 320 };

/** What a picture of a position is drawn from: its bars of the day, its orders' story, the time. */
export const createReadPicture =
  ({ workflow, technical, reporting }: Deps) =>
  async (held: StandingPosition): Promise<PositionPicture> => {
    const { symbol, cycle_id, entered_at } = held;
    const [{ as_of }, { bars }, story] = await Promise.all([
      workflow.showStanding(),
      technical.listBars({ params: { symbol }, query: { timeframe: '5min', limit: MOST_BARS } }),
      cycle_id === null || entered_at === null
        ? null
        : reporting.tellStory({
            params: { symbol },
            query: { trade_date: inNewYork(entered_at).date },
          }),
    ]);
    return pictureOf(held, bars, story?.orders ?? [], as_of);
  };
export type ReadPicture = ReturnType<typeof createReadPicture>;

/** The picture for a client that cannot draw: light, since most pages that show it are. */
export const pngOf = (picture: PositionPicture): Buffer =>
  drawPng(svgText(drawPosition(picture, { palette: LIGHT, id: 'position', ...PNG_SIZE })));
