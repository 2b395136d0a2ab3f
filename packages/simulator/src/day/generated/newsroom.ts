import { newYorkTime } from '@catalyst/domain';
import type { DayNews, DayTruth, PlantedTrap, TrueCatalyst } from '../day.ts';
import type { ArticleDraft } from './article-draft.ts';
import type { Performer } from './build-market.ts';
import { badRole } from './cast.ts';
import { planAt } from './price-plan.ts';
import { createRandom, type Random } from './random.ts';
import { LASTING_FALLS, middayStory } from './stock-traits.ts';
import { badStories, offeringStories } from './stories/bad-stories.ts';
import { noiseStories, recapStories } from './stories/noise-stories.ts';
import { fillStory, type StoryKind } from './stories/story-kind.ts';
import { drawPerson, drawStoryValues } from './stories/story-values.ts';
import { followUpStories, strongStories, takeoverStories } from './stories/strong-stories.ts';
import { plantArticles } from './plant-articles.ts';
import { staleArticles, type ToldStory } from './stale-articles.ts';
import type { TrapCast } from './traps.ts';
import { FIRST_MINUTE, type SessionEnd } from '../volume-curve.ts';

export interface WrittenNews {
  news: DayNews[];
  truth: DayTruth;
}

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
const FIRST_ARTICLE_ID = 41_200_000;

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

const toInstant = (tradeDate: string, seconds: number): string => {
  const daySeconds = ((seconds % 86_400) + 86_400) % 86_400;
  const date = new Date(Date.parse(tradeDate) + (seconds - daySeconds) * 1000)
    .toISOString()
    .slice(0, 10);
  const minute = Math.floor(daySeconds / 60);
  const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  return new Date(Date.parse(newYorkTime(date, clock)) + (daySeconds % 60) * 1000)
    .toISOString()
    .replace('.000Z', 'Z');
};

const TRAP_DESCRIPTIONS: Readonly<Record<string, string>> = {
  offering: 'Secondary offering at a discount: the stock gaps down and stays down.',
  good_news_falls: 'The news is strong and true, and the stock is sold all day.',
  duplicate: 'The same text appears twice, under two ids and two sources.',
  near_duplicate: 'The same story appears again with a few words changed.',
  instruction: 'A headline and a summary give orders to an agent that reads them.',
  markup: 'A summary holds markup, a script and an image with an error handler.',
};

/** Orders the drafts by time, gives them ids, and states what each really did. */
const publish = (
  drafts: readonly ArticleDraft[],
  tradeDate: string,
  random: Random,
): WrittenNews => {
  const ordered = drafts
    .map((draft, index) => ({ draft, index }))
    .sort((a, b) => a.draft.seconds - b.draft.seconds || a.index - b.index);
  const news: DayNews[] = [];
  const truth: DayTruth = { catalysts: [], traps: [], decoys: [] };
  const ids = new Map<ArticleDraft, number>();
  const traps = new Map<string, PlantedTrap>();
  let id = FIRST_ARTICLE_ID;
  for (const { draft } of ordered) {
    id += random.whole(1, 40);
    const { seconds, trap, catalyst, decoy, told_before: toldBefore, ...text } = draft;
    ids.set(draft, id);
    const created = toInstant(tradeDate, seconds);
    const updated = toInstant(tradeDate, seconds + (random.chance(0.3) ? random.whole(5, 240) : 0));
    news.push({
      id,
      created_at: created,
      updated_at: updated,
      headline: text.headline,
      summary: text.summary,
      content: text.content,
      author: text.author,
      source: text.source,
      url: `https://news.example/${text.source}/${id}`,
      symbols: text.symbols,
    });
    if (catalyst) truth.catalysts.push({ article_id: id, ...catalyst });
    const firstId = toldBefore && ids.get(toldBefore);
    if (decoy)
      truth.decoys.push({
        article_id: id,
        symbol: draft.symbols[0] ?? '',
        kind: decoy,
        ...(firstId === undefined ? {} : { tells_again: firstId }),
      });
    if (trap === null) continue;
    const planted = traps.get(trap) ?? {
      kind: trap,
      symbol: draft.symbols[0] ?? '',
      article_ids: [],
      description: TRAP_DESCRIPTIONS[trap] ?? '',
    };
    planted.article_ids.push(id);
    traps.set(trap, planted);
  }
  truth.traps.push(...traps.values());
  return { news, truth };
};
