import { valueAt } from '@catalyst/domain';
import type { z } from 'zod';
import { describeIssue } from '../day/describe-issue.ts';
import { quoteValue } from '../day/quote-value.ts';
import { TEST_SYMBOL } from '../stream/test-feed.ts';
import {
  faultSchemas,
  placeOf,
  type Fault,
  type FaultPlace,
  type StreamFault,
} from './fault-schema.ts';

/**
 * What is wrong with a fault: where in the list it stands, what was expected there and what was
 * found.
 */
export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly path: readonly PropertyKey[];
  readonly expected: string;
  readonly was: string;

  constructor(path: readonly PropertyKey[], expected: string, was: unknown) {
    const text = quoteValue(was);
    super(
      `${path.length > 0 ? `${path.map(String).join('.')}: ` : ''}expected ${expected}, was ${text}`,
    );
    this.path = path;
    this.expected = expected;
    this.was = text;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The kinds that a place knows, for a message about one that it does not. */
const kindsOf = (schema: (typeof faultSchemas)[keyof typeof faultSchemas]): string =>
  schema.shape.what.options
    .flatMap(({ shape }) =>
      'options' in shape.kind
        ? shape.kind.options
        : shape.kind.values
          ? [...shape.kind.values]
          : [],
    )
    .join(', ');

const expectation = (
  issue: z.core.$ZodIssue,
  schema: (typeof faultSchemas)[keyof typeof faultSchemas],
): string => {
  if (issue.code === 'invalid_union')
    return issue.path.at(-1) === 'kind' || issue.path.at(-1) === 'what'
      ? `one of ${kindsOf(schema)}`
      : 'a whole number from 1, a list of them, or a word that the README names';
  if (issue.code === 'too_small')
    return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  if (issue.code === 'invalid_format') return issue.message;
  return describeIssue(issue);
};

/** The symbols of the day. */
export type DaySymbols = Pick<ReadonlySet<string>, 'has'>;

/** A fault of a symbol that nothing is ever told of would never fire. */
const checkSymbol = (
  place: FaultPlace,
  { where }: Fault,
  path: readonly PropertyKey[],
  symbols: DaySymbols,
): void => {
  const named = where as {
    market?: string;
    orders?: string;
    stream?: StreamFault['where']['stream'];
    symbol?: string;
  };
  const isKnown = (symbol: string): boolean =>
    symbols.has(symbol) ||
    (place === 'stream' ? named.stream === 'stock_data' && symbol === TEST_SYMBOL : symbol === '*');
  const field = place === 'stream' ? 'symbol' : place;
  if (field === 'rest' || named[field] === undefined || isKnown(named[field])) return;
  throw new FaultError(
    [...path, 'where', field],
    `a symbol of the day (GET /v2/assets lists them)${place === 'stream' ? '' : ' or *'}`,
    named[field],
  );
};

const readFault = (value: unknown, path: readonly PropertyKey[], symbols: DaySymbols): Fault => {
  if (!isObject(value)) throw new FaultError(path, 'a fault: {where, when, what}', value);
  if (!isObject(value.where))
    throw new FaultError([...path, 'where'], 'one of rest, stream, market, orders', value.where);
  const place = placeOf(value.where);
  if (!place)
    throw new FaultError([...path, 'where'], 'one of rest, stream, market, orders', value.where);
  const schema = faultSchemas[place];
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    checkSymbol(place, parsed.data, path, symbols);
    return parsed.data;
  }
  const issue = parsed.error.issues[0]!;
  throw new FaultError(
    [...path, ...issue.path],
    expectation(issue, schema),
    valueAt(value, issue.path),
  );
};

/**
 * One fault, a list of faults, or `{faults: […]}`, for a day of `symbols`; throws `FaultError` at
 * the first that is wrong.
 */
export const readFaults = (value: unknown, symbols: DaySymbols): Fault[] => {
  if (Array.isArray(value)) return value.map((one, index) => readFault(one, [index], symbols));
  if (isObject(value) && 'faults' in value) {
    const { faults, ...others } = value;
    if (!Array.isArray(faults)) throw new FaultError(['faults'], 'a list of faults', faults);
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw new FaultError([], `no field ${unknown}`, others[unknown]);
    return faults.map((one, index) => readFault(one, ['faults', index], symbols));
  }
  return [readFault(value, [], symbols)];
};
