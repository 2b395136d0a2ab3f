import { isOutsideText, maybeOurs } from '@catalyst/contracts';
import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

const MARKED = {
  type: 'object',
  properties: { untrusted_text: { type: 'string' } },
  required: ['untrusted_text'],
} as const;

/** What tells a model nothing that the name and the words beside it do not. */
const LEFT_OUT = ['pattern', 'format', '~standard', 'minLength', 'maxLength'];

/** A schema as clients are told it: small, without regular expressions for dates and ids. */
export const listedSchema = (schema: z.ZodType, io: 'input' | 'output' = 'input'): JsonSchema => {
  // the dialect is the protocol's own where none is named
  const { $schema: _, ...listed } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const told = jsonSchema as JsonSchema;
      for (const name of LEFT_OUT) delete told[name];
      if (told.maximum === Number.MAX_SAFE_INTEGER) delete told.maximum;
      if (told.minimum === Number.MIN_SAFE_INTEGER) delete told.minimum;
      if (told.additionalProperties === false && io === 'output') delete told.additionalProperties;
      if (!isOutsideText(zodSchema)) return;
      for (const name of Object.keys(told)) delete told[name];
      Object.assign(told, maybeOurs(zodSchema) ? { anyOf: [{ type: 'string' }, MARKED] } : MARKED);
    },
  }) as JsonSchema;
  return listed;
};

/**
 * The schema of a tool's structured answer: the envelope with what the tool found, or with an error.
 */
export const listedOutput = (output: z.ZodObject, envelope: z.ZodObject): JsonSchema => {
  const found = listedSchema(output, 'output') as { properties: JsonSchema; required?: string[] };
  const around = listedSchema(envelope, 'output') as { properties: JsonSchema; required: string[] };
  return {
    type: 'object',
    properties: {
      ...around.properties,
      ...found.properties,
      untrusted_note: { type: 'string' },
      error: { type: 'object' },
    },
    required: around.required,
    anyOf: [{ required: found.required ?? [] }, { required: ['error'] }],
  };
};
