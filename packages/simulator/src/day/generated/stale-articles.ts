import type { Performer } from './build-market.ts';
import { badRole } from './cast.ts';
import type { ArticleDraft } from './article-draft.ts';
import { otherSource } from './plant-articles.ts';
import type { Random } from './random.ts';
import { afterOpen, LASTING_FALLS } from './draw-plan.ts';
import { fillStory, type StoryKind } from './stories/story-kind.ts';
import { drawPerson } from './stories/story-values.ts';
import { FIRST_MINUTE, type SessionEnd } from '../volume-curve.ts';

/** A story as it was first told, with what it takes to tell it in other words. */
export interface ToldStory {
  draft: ArticleDraft;
  kind: StoryKind;
  headline: string;
  values: Readonly<Record<string, string>>;
}

/**
 * Told again are stories of stocks that no catalyst moves for good: some strong ones, and bad ones
 * with a small gap.
 */
const isToldAgain = ({ part, rank, ...member }: Performer): boolean => {
  if (part === 'setup') return rank % 4 === 2;
  if (part === 'overbought' || part === 'quiet') return rank % 4 === 0;
  return part === 'bad' && badRole({ part, rank, ...member }) > LASTING_FALLS && rank % 4 === 1;
};

/**
 * When the first story's move is long over, and before the last hour; minutes after the open of a
 * full session.
 */
const FROM = 205;
const TO = 315;

const otherThan = (templates: readonly string[], used: string): string[] =>
  templates.filter((template) => template !== used);

/**
 * Stale news: the evening's or the morning's story in the words of another wire, hours later. The
 * numbers and names are the same and nothing is added but when it was first told, so nothing
 * follows from it.
 */
export const staleArticles = (
  stories: ReadonlyMap<Performer, ToldStory>,
  session: SessionEnd,
  random: Random,
): ArticleDraft[] =>
  [...stories]
    .filter(([performer]) => isToldAgain(performer))
    .map(([performer, { draft, kind, headline, values }]) => {
      const first =
        performer.traits.story_minute < FIRST_MINUTE ? 'the evening before' : 'before the open';
      return {
        seconds:
          random.whole(afterOpen(FROM, session), afterOpen(TO, session)) * 60 + random.whole(0, 59),
        headline: fillStory(random.pick(otherThan(kind.headlines, headline)), values),
        summary: fillStory(random.pick(kind.summaries), values),
        content: `${fillStory(random.pick(kind.bodies), values)} It was first reported ${first}.`,
        author: drawPerson(random),
        source: otherSource(draft.source),
        symbols: draft.symbols,
        trap: null,
        catalyst: null,
        decoy: 'stale',
        told_before: draft,
      };
    });
