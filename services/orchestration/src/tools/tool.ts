import type { AccessScope } from '@catalyst/contracts';
import { symbol } from '@catalyst/domain';
import { z } from 'zod';
import { printableLine } from '../domain/outside-words.ts';
import { readArguments, type InputSchema } from '../domain/read-arguments.ts';
import { listedSchema } from './listed-schema.ts';
import type { ResourceView } from './resource-view.ts';

/** What a tool found or did, before outside words in it are marked and fenced. */
export interface ToolAnswer<O = Record<string, unknown>> {
  /** A few lines in our own words that stand alone; outside words belong into `quotes`. */
  text: string;
  data: O;
  /** Lines from outside, shown between marks. */
  quotes?: string[];
  /** Of when the data is, where it is not of now. */
  as_of?: string | null;
  /** A PNG, where one was asked for. */
  picture?: Buffer;
}

export interface ToolCaller {
  /** As decisions and the audit name it: "mcp:claude". */
  by: string;
  /** What its key may do; a resource is read for whoever asks, so that it has none. */
  scopes: ReadonlySet<AccessScope>;
  /** Aborted when the call is taken back: waiting ends, and what was not begun stays undone. */
  signal: AbortSignal;
  /** Says how far it is, to whoever asked for progress. */
  tell(message: string): void;
}

export interface Tool {
  name: string;
  title: string;
  description: string;
  /** What a key must be granted. */
  scope: AccessScope;
  input: z.ZodType<Record<string, unknown>>;
  /** The names of its arguments. */
  takes: readonly string[];
  /** What an answer may hold beside the envelope; what is not in it is left out. */
  output: z.ZodObject;
  annotations: {
    readOnlyHint: boolean;
    destructiveHint: boolean;
    idempotentHint: boolean;
    openWorldHint: boolean;
  };
  /** It only stops, cancels or sells: it is done at once, and its audit's row follows. */
  only_lowers_risk?: true;
  /** The tool is listed only where the desk is configured to list all. */
  is_extra?: true;
  /** The URI of the page that hosts with apps show its answer in. */
  view?: string;
  /** The resources that tell the same; a resource cannot be made without its tool. */
  resources?: readonly ResourceView[];
  run(input: Record<string, unknown>, caller: ToolCaller): Promise<ToolAnswer>;
}

interface Definition<I extends z.ZodObject, O extends z.ZodObject> extends Omit<
  Tool,
  'input' | 'takes' | 'output' | 'run'
> {
  input: I;
  output: O;
  run(input: z.output<I>, caller: ToolCaller): Promise<ToolAnswer<z.input<O>>>;
}

/**
 * Keeps the types of input and output inside `run` and forgets them outside; what is given is read
 * by the schema that is listed before it is held against it.
 */
export const defineTool = <I extends z.ZodObject, O extends z.ZodObject>(
  tool: Definition<I, O>,
): Tool => {
  const schema = listedSchema(tool.input) as InputSchema;
  const input = z.preprocess((given: Record<string, unknown>, { addIssue }) => {
    const { read, faults } = readArguments(schema, given);
    for (const { argument, message } of faults)
      addIssue({ code: 'custom', path: [argument], message });
    return read;
  }, tool.input);
  return { ...tool, input, takes: Object.keys(tool.input.shape) } as unknown as Tool;
};

export const READS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;
/** An act that moves or may move money. */
export const ACTS = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
} as const;
/** An act that changes the desk alone and destroys nothing. */
export const SETS = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

export const tickerInput = z
  .string()
  .trim()
  .toUpperCase()
  .pipe(symbol)
  .describe('Ticker, such as AAPL');

const LONGEST_REASON = 500;
/** One line of what may be several, as the record keeps it. */
export const lineInput = (longest: number) =>
  z.string().transform((text) => printableLine(text, longest));
export const reasonInput = lineInput(LONGEST_REASON)
  .pipe(z.string().min(3))
  .describe('Why, in a few words; it is kept');
/** The same of what only lowers risk: nothing that is said of it, or not said, keeps it from being done. */
export const stopReasonInput = z
  .string()
  .optional()
  .transform((given = '') => {
    const text = printableLine(given, LONGEST_REASON);
    return text.length >= 3 ? text : `no reason was given${text && `, but "${text}"`}`;
  })
  .describe('Why, in a few words; it is kept');
export const cursorInput = z.string().max(100).optional().describe('`next` of the page before');
