const HIDDEN = '[hidden]';
const SECRET_NAME = /secret|password|passphrase|authorization|^(access|refresh|auth|id)?_?token$/i;
const SECRET_IN_QUERY = /([?&][^=&]*(?:secret|password|passphrase|access_token)[^=&]*=)[^&]*/gi;
const SECRET_IN_TEXT =
  /("[^"]*(?:secret|password|passphrase|access_token)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi;
/**
 * In text that could not be read nobody knows where a secret ends, so all of it is hidden from its
 * name on.
 */
const SECRET_IN_UNREADABLE = /(secret|password|passphrase|authorization|token)[^]+/i;
/** What the ledger keeps of a body or frame, in characters; an order is a few hundred. */
const KEPT = 16_384;
/**
 * A secret shorter than this is a word that may stand anywhere (`test` in `test-1`), so it is
 * hidden only where it is all of a text.
 */
const LONG_SECRET = 8;
/** Levels of arrays and objects that are kept. */
const DEPTH = 64;

/** Takes secrets out of what came from outside before the ledger keeps it. */
export interface SecretHider {
  /**
   * A copy without what looks like a secret, and without the known secrets and `also` wherever they
   * stand (one of fewer than eight characters where it stands alone); of a text the first 16 KB.
   */
  value(value: unknown, also?: string | null): unknown;
  /**
   * The same of a body or a frame as it was read; text is one that could not be read. Of more than
   * 16 KB the beginning, as text.
   */
  body(body: unknown, also?: string | null): unknown;
}

/** `known` are the secret keys of the simulator's own accounts. */
export const createSecretHider = (known: readonly string[]): SecretHider => {
  const withoutKnown = (text: string, also: string | null): string => {
    let left = text;
    for (const secret of also ? [...known, also] : known) {
      if (secret.length >= LONG_SECRET)
        left = left.length >= secret.length ? left.replaceAll(secret, HIDDEN) : left;
      else if (text === secret) return HIDDEN;
    }
    return left;
  };
  const inText = (text: string, also: string | null): string =>
    withoutKnown(text, also)
      .slice(0, KEPT)
      .replace(SECRET_IN_TEXT, `$1"${HIDDEN}"`)
      .replace(SECRET_IN_QUERY, `$1${HIDDEN}`);

  const hide = (value: unknown, also: string | null, depth: number): unknown => {
    if (typeof value === 'string') return inText(value, also);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > DEPTH) return '[nested too deeply]';
    if (value instanceof Uint8Array) return inText(Buffer.from(value).toString(), also);
    if (value instanceof Date) return value;
    if (Array.isArray(value)) return value.map((one) => hide(one, also, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        withoutKnown(name, also),
        SECRET_NAME.test(name) && one !== null ? HIDDEN : hide(one, also, depth + 1),
      ]),
    );
  };
  const unreadable = (text: string, also: string | null): string =>
    withoutKnown(text, also).slice(0, KEPT).replace(SECRET_IN_UNREADABLE, `$1${HIDDEN}`);

  return {
    value: (value, also = null) => hide(value, also, 0),
    body: (body, also = null) => {
      if (body === undefined) return null;
      if (typeof body === 'string') return unreadable(body, also);
      const hidden = hide(body, also, 0);
      const text = JSON.stringify(hidden);
      return text.length > KEPT ? text.slice(0, KEPT) : hidden;
    },
  };
};
