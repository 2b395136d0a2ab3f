import express, { type RequestHandler } from 'express';

/** Bytes of a body that are read; 413 beyond. */
const BODY_LIMIT = 102_400;
/**
 * Levels of arrays and objects that a body may have; nothing that Alpaca reads has more than four.
 */
const DEPTH_LIMIT = 64;

/** A body that no route could read, answered like malformed JSON. */
class UnreadableBody extends Error {
  override name = 'UnreadableBody';
  readonly status = 400;
}

const OPENING = new Set(['[', '{'].map((bracket) => bracket.charCodeAt(0)));
const CLOSING = new Set([']', '}'].map((bracket) => bracket.charCodeAt(0)));
const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);

const isTooDeep = (body: Buffer): boolean => {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < body.length; index += 1) {
    const character = body[index] as number;
    if (inText && character === BACKSLASH) index += 1;
    else if (character === QUOTE) inText = !inText;
    else if (!inText && OPENING.has(character)) depth += 1;
    else if (!inText && CLOSING.has(character)) depth -= 1;
    if (depth > DEPTH_LIMIT) return true;
  }
  return false;
};

/** Reads every body as JSON, whatever its content type says, as Alpaca does. */
export const readBody = (): RequestHandler =>
  express.json({
    type: () => true,
    limit: BODY_LIMIT,
    verify: (_request, _response, body) => {
      if (isTooDeep(body)) throw new UnreadableBody('body is nested too deeply');
    },
  });
