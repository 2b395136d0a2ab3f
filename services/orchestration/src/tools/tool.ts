import { symbol } from '@catalyst/domain';
import { z } from 'zod';
import { readArguments, type InputSchema } from '../domain/read-arguments.ts';

/** What a tool found or did, before outside words in it are marked and fenced. */
export interface ToolAnswer {
  /** A few lines in our own words; outside words belong into `quotes`. */
  text: string;
  data: Record<string, unknown>;
  /** Lines from outside, shown between marks. */
  quotes?: string[];
  /** Names of more fields of `data` that hold outside words. */
  untrusted_fields?: string[];
}

export interface ToolCaller {
  /** As decisions and the audit name it: "mcp:claude". */
  by: string;
}

export interface Tool<I extends z.ZodType = z.ZodType> {
  name: string;
  title: string;
  description: string;
  input: I;
  annotations: {
    readOnlyHint: boolean;
    destructiveHint: boolean;
    idempotentHint: boolean;
    openWorldHint: boolean;
  };
  /** It only stops, cancels or sells: it is done at once, and its audit's row follows. */
  only_lowers_risk?: true;
  run(input: z.output<I>, caller: ToolCaller): Promise<ToolAnswer>;
}

/** The schema of an input as clients are told it. */
export const listedSchema = (input: z.ZodType): InputSchema => {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  return schema as InputSchema;
};

/**
 * Keeps the input's type inside `run` and forgets it outside; what is given is read by the schema
 * that is listed before it is held against it.
 */
export const defineTool = <I extends z.ZodObject>(tool: Tool<I>): Tool => {
  const schema = listedSchema(tool.input);
  const input = z.preprocess((given: Record<string, unknown>, { addIssue }) => {
    const { read, faults } = readArguments(schema, given);
    for (const { argument, message } of faults)
      addIssue({ code: 'custom', path: [argument], message });
    return read;
  }, tool.input);
  return { ...tool, input } as unknown as Tool;
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

export const tickerInput = z
  .string()
  .trim()
  .toUpperCase()
  .pipe(symbol)
  .describe('Ticker, such as AAPL');
export const reasonInput = z
  .string()
  .trim()
  .min(3)
  .max(500)
  .describe('Why, in a few words; it is kept');
