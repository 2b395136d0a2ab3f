import type { AccessScope } from '@catalyst/contracts';

/** What a scope brings with it, from what sees to what acts. */
const INCLUDED: Readonly<Record<AccessScope, readonly AccessScope[]>> = {
  read: ['read'],
  propose: ['read', 'propose'],
  trade: ['read', 'propose', 'trade'],
  admin: ['read', 'admin'],
};
const ORDER = Object.keys(INCLUDED) as AccessScope[];

/** The scopes that were asked for with those that they bring, each once, in one order. */
export const includedScopes = (asked: readonly AccessScope[]): AccessScope[] => {
  const all = new Set(asked.flatMap((scope) => INCLUDED[scope]));
  return ORDER.filter((scope) => all.has(scope));
};

/** What the key of an installation may do by itself: the less, the more is at stake. */
export const installedScope = {
  replay: 'trade',
  paper: 'propose',
  live: 'read',
} as const satisfies Record<string, AccessScope>;
