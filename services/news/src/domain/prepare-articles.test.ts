import { describe, expect, it } from '@jest/globals';
import type { RawArticle } from './article.ts';
import { createTickerFinder } from './find-tickers.ts';
import { prepareArticles } from './prepare-articles.ts';
import { PASSING_MENTION } from './score-article.ts';

const NOW = '2026-03-24T12:00:00.000Z';
const companies = [
  { symbol: 'AAA', name: 'Ridgeline Biosciences, Inc.' },
  { symbol: 'BBB', name: 'Northwall Corporation' },
  { symbol: 'CCC', name: 'Calderine Care' },
  { symbol: 'DDD', name: 'Driftwell Homes' },
  { symbol: 'EEE', name: 'Elderwater Utilities' },
];
const article = (external_id: string, fields: Partial<RawArticle> = {}): RawArticle => ({
  external_id,
  source: 'wire',
  headline: 'Ridgeline Biosciences wins FDA approval',
  summary: '',
  content: '',
  url: 'https://news.example/1',
  symbols: ['AAA'],
  published_at: '2026-03-24T11:00:00.000Z',
  ...fields,
});
const prepare = (...articles: RawArticle[]) =>
  prepareArticles(articles, {
    vendor: 'test',
    now: NOW,
    earlier: [],
    findTickers: createTickerFinder(companies),
    weighSource: () => 0.7,
  });

describe('articles', () => {
  it('published after now are refused, those of this instant are not', () => {
    const { prepared, refused } = prepare(
      article('1', { published_at: '2026-03-24T12:00:00.001Z' }),
      article('2', { published_at: NOW }),
    );
    expect(prepared.map((item) => item.external_id)).toEqual(['2']);
    expect(refused).toEqual([
      {
        external_id: '1',
        reason: 'published at 2026-03-24T12:00:00.001Z, after 2026-03-24T12:00:00.000Z',
      },
    ]);
  });
  it('without a headline are refused', () => {
    expect(prepare(article('1', { headline: '<b></b>\u200B' })).refused).toEqual([
      { external_id: '1', reason: 'has no headline' },
    ]);
  });
  it('keep the symbols that are securities and find those that the vendor left out', () => {
    expect(
      prepare(
        article('1', {
          symbols: ['ZZZZ', 'AAA'],
          headline: 'Ridgeline Biosciences signs deal with Northwall',
        }),
      ).prepared[0]!.tickers.map((ticker) => ticker.symbol),
    ).toEqual(['AAA', 'BBB']);
  });
  it('lose addresses that a browser would run', () => {
    expect(
      prepare(
        article('1', { url: 'javascript:alert(1)' }),
        article('2', { url: 'not an address', headline: 'other' }),
      ).prepared.map((item) => item.url),
    ).toEqual([null, null]);
  });
});

describe('a repeated story', () => {
  it('names the first one, however long the chain, and has no score of its own', () => {
    const again = ['1', '2', '3'].map((id, index) =>
      article(id, { published_at: `2026-03-24T11:0${index}:00.000Z` }),
    );
    const { prepared } = prepare(...again.toReversed());
    expect(prepared.map((item) => item.duplicate_of)).toEqual([
      null,
      prepared[0]!.article_id,
      prepared[0]!.article_id,
    ]);
    expect(prepared.map((item) => item.scores.length)).toEqual([1, 0, 0]);
  });
  it('is a story of its own where it speaks of another company in the same words', () => {
    const headline = (name: string) =>
      `${name} renews existing supply agreement with Sentinel Space Command on similar terms`;
    const { prepared } = prepare(
      article('1', { headline: headline('Calderine') }),
      article('2', { headline: headline('Driftwell'), symbols: ['DDD'] }),
    );
    expect(prepared.map((item) => item.duplicate_of)).toEqual([null, null]);
  });
});

describe('a round-up of many stocks', () => {
  it('has half the strength for those that its headline does not name', () => {
    const [item] = prepare(
      article('1', {
        headline: 'Ridgeline Biosciences wins FDA approval as stocks rally',
        symbols: ['AAA', 'BBB', 'CCC', 'DDD'],
      }),
    ).prepared;
    const strength = Object.fromEntries(
      item!.scores.map((score) => [score.symbol, score.strength]),
    );
    expect(strength.BBB).toBeCloseTo(strength.AAA! * PASSING_MENTION, 12);
  });
});
