import type { OauthScope } from '@catalyst/contracts';

interface ScopeWords {
  scope: OauthScope;
  title: string;
  may: readonly string[];
}

/** What each scope means, from what sees to what acts; each brings those before it. */
export const scopeWords: readonly ScopeWords[] = [
  {
    scope: 'read',
    title: 'Only ask',
    may: ['see positions, orders, scans, news, risk and reports'],
  },
  {
    scope: 'propose',
    title: 'Ask and propose',
    may: [
      'preview and propose trades, which wait for you',
      'pause or halt the desk, and tighten limits, without asking you',
    ],
  },
  {
    scope: 'trade',
    title: 'Ask, propose and trade',
    may: [
      'place the trades that it previewed, and approve proposals, within the limits of risk',
      'close and reduce positions, cancel entries, move stops towards the price, sell everything',
    ],
  },
];

/** What nobody may who comes in this way, whatever is granted. */
export const neverWords: readonly string[] = [
  'start a desk again that was stopped',
  'loosen a limit, or move a stop away from the price',
  'take the protection from what is held',
  'see or make keys, or move money out of the account',
];

/** The scopes that a person may choose of those that were asked for. */
export const offeredScopes = (asked: readonly string[]): readonly ScopeWords[] => {
  const highest = scopeWords.findLastIndex(({ scope }) => asked.includes(scope));
  return scopeWords.slice(0, Math.max(0, highest) + 1);
};

/** A scope with those that it brings. */
export const scopesUpTo = (scope: OauthScope): OauthScope[] =>
  scopeWords
    .slice(0, scopeWords.findIndex((words) => words.scope === scope) + 1)
    .map((words) => words.scope);
