import type { TrueCatalyst } from '../day.ts';
import type { ArticleDraft } from './article-draft.ts';
import type { Performer } from './build-market.ts';
import { badRole } from './cast.ts';
import { LASTING_FALLS, middayStory } from './draw-plan.ts';
import { plantArticles } from './plant-articles.ts';
import { planAt } from './price-plan.ts';
import { publish, type WrittenNews } from './publish-articles.ts';
import { createRandom, type Random } from './random.ts';
import { staleArticles, type ToldStory } from './stale-articles.ts';
import { badStories, offeringStories } from './stories/bad-stories.ts';
import { noiseStories, recapStories } from './stories/noise-stories.ts';
import { fillStory, type StoryKind } from './stories/story-kind.ts';
import { drawPerson, drawStoryValues } from './stories/story-values.ts';
import { followUpStories, strongStories, takeoverStories } from './stories/strong-stories.ts';
import type { TrapCast } from './traps.ts';
import { FIRST_MINUTE, type SessionEnd } from '../volume-curve.ts';

/** Invented newswires; the first two carry most of the news. */
const SOURCES = [
  'marketledger',
  'streetbrief',
  'marketledger',
  'streetbrief',
  'marketledger',
  'northwire',
  'tapewatch',
  'dealroomdaily',
];

const STRONG_PARTS: ReadonlySet<string> = new Set([
  'leader',
  'setup',
  'overbought',
  'downtrend',
  'quiet',
]);

/** Takes wordings in turn from a shuffled list, so that few stories read alike. */
const createDeck = (kinds: readonly StoryKind[], random: Random) => {
  const cards = random.shuffle(
    kinds.flatMap((kind) => kind.headlines.map((headline) => ({ kind, headline }))),
  );
  const used = new Map<string, number>();
  return (sector: string): { kind: StoryKind; headline: string } => {
    const fitting = cards.filter(
      ({ kind }) => kind.sectors === null || kind.sectors.some((name) => name === sector),
    );
    const weight = (headline: string): number => used.get(headline) ?? 0;
    const card = fitting.reduce((best, candidate) =>
      weight(candidate.headline) < weight(best.headline) ? candidate : best,
    );
    used.set(card.headline, weight(card.headline) + 1);
    return card;
  };
};

const ratioAt = (performer: Performer, minute: number): number =>
  planAt(performer.traits.plan, minute, FIRST_MINUTE).ratio;

/**
 * The move a story causes, read off the plan: from when it starts until `until`, and how long four
 * fifths of it take.
 */
const causedMove = (
  performer: Performer,
  storyMinute: number,
  delay: number,
  until: number,
): Omit<TrueCatalyst, 'article_id'> => {
  const start = Math.max(storyMinute, FIRST_MINUTE) + delay;
  const before = storyMinute < FIRST_MINUTE ? 1 : ratioAt(performer, start);
  const move = ratioAt(performer, until) / before - 1;
  let reached = start;
  while (
    reached < until &&
    Math.abs(ratioAt(performer, reached) / before - 1) < 0.8 * Math.abs(move)
  )
    reached += 1;
  return {
    symbol: performer.company.symbol,
    direction: move > 0 ? 'up' : 'down',
    move_ratio: Math.round(move * 10_000) / 10_000,
    delay_minutes: delay,
    duration_minutes: Math.max(1, reached - start),
  };
};

/**
 * The minute of a second story, for leaders whose flag runs: its pole begins with news during the
 * session; null for others.
 */
const followUpMinute = (performer: Performer): number | null => {
  const { structure } = performer;
  const isFlag = structure?.name === 'bull_flag' || structure?.name === 'quick_bull_flag';
  return structure && isFlag && structure.outcome === 'runs' ? structure.at_minute - 2 : null;
};

/**
 * Writes the day's news: one main story for every stock but the silent ones, some more during the
 * session, and the planted ones.
 */
export const writeNews = (
  seed: number,
  tradeDate: string,
  session: SessionEnd,
  performers: readonly Performer[],
  traps: TrapCast,
): WrittenNews => {
  const random = createRandom(seed, 'news');
  const decks = {
    strong: createDeck(strongStories, random),
    takeover: createDeck(takeoverStories, random),
    follow_up: createDeck(followUpStories, random),
    bad: createDeck(badStories, random),
    offering: createDeck(offeringStories, random),
    noise: createDeck(noiseStories, random),
    recap: createDeck(recapStories, random),
  };
  const drafts: ArticleDraft[] = [];
  const firstStories = new Map<Performer, ToldStory>();
  const write = (
    performer: Performer,
    deck: keyof typeof decks,
    minute: number,
    catalyst: ArticleDraft['catalyst'] = null,
    trap: string | null = null,
  ): void => {
    const { kind, headline } = decks[deck](performer.company.sector);
    const values = drawStoryValues(performer, tradeDate, random);
    const draft: ArticleDraft = {
      seconds: minute * 60 + random.whole(0, 59),
      headline: fillStory(headline, values),
      summary: fillStory(random.pick(kind.summaries), values),
      content: fillStory(random.pick(kind.bodies), values),
      author: drawPerson(random),
      source: random.pick(SOURCES),
      symbols: [performer.company.symbol],
      trap,
      catalyst,
      decoy: deck === 'noise' ? 'routine' : deck === 'recap' ? 'recap' : null,
    };
    drafts.push(draft);
    const first = firstStories.get(performer);
    if (!first) firstStories.set(performer, { draft, kind, headline, values });
  };

  for (const performer of performers) {
    const { part, rank, traits, company } = performer;
    const story = traits.story_minute;
    const delay = story < FIRST_MINUTE ? 0 : (traits.plan.legs[0]?.to_minute ?? story) - story;
    const followUp = followUpMinute(performer);
    const cause = traits.is_true_catalyst
      ? causedMove(performer, story, delay, followUp ?? session.close_minute)
      : null;
    if (STRONG_PARTS.has(part))
      write(
        performer,
        'strong',
        story,
        cause,
        company.symbol === traps.good_news_falls.company.symbol ? 'good_news_falls' : null,
      );
    else if (part === 'takeover') write(performer, 'takeover', story);
    else if (part === 'bad' && badRole(performer) === 0)
      write(performer, 'offering', story, cause, rank === 0 ? 'offering' : null);
    else if (part === 'bad' && badRole(performer) === LASTING_FALLS) {
      const midday = middayStory(performer, session);
      write(performer, 'noise', story);
      write(performer, 'bad', midday, causedMove(performer, midday, 2, session.close_minute));
    } else if (part === 'bad') write(performer, 'bad', story, cause);
    else if ((part === 'cheap' || part === 'thin') && rank % 4 === 0)
      write(performer, 'strong', story);
    else if (part !== 'silent') write(performer, 'noise', story);
    if (followUp !== null)
      write(
        performer,
        'follow_up',
        followUp,
        causedMove(performer, followUp, 2, session.close_minute),
      );
    if (part === 'noise' && rank % 3 === 1)
      write(performer, 'noise', random.whole(485, session.close_minute - 70));
    if ((part === 'noise' && rank % 7 === 2) || (part === 'setup' && rank % 4 === 3))
      write(
        performer,
        'recap',
        random.whole(session.close_minute - 320, session.close_minute - 61),
      );
  }
  drafts.push(
    ...plantArticles(drafts, traps, random),
    ...staleArticles(firstStories, session, createRandom(seed, 'stale')),
  );
  return publish(drafts, tradeDate, random);
};
