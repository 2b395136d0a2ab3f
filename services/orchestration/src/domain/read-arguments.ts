import { isStorable, storable } from './storable-text.ts';

/** As much of an input's JSON schema as reading needs. */
interface Property {
  type?: string | readonly string[];
  enum?: readonly unknown[];
  anyOf?: readonly Property[];
}
export interface InputSchema {
  properties?: Readonly<Record<string, Property>>;
  required?: readonly string[];
}
interface Fault {
  argument: string;
  message: string;
}

/** A number as JSON writes it, and nothing that only JavaScript takes for one. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

const typesOf = ({ type, anyOf = [] }: Property): string[] => [
  ...(type === undefined ? [] : [type].flat()),
  ...anyOf.flatMap(typesOf),
];

const readText = (text: string, property: Property): { value: unknown } | { fault: string } => {
  if (property.enum)
    return {
      value:
        property.enum.find(
          (word) => typeof word === 'string' && word.toLowerCase() === text.toLowerCase(),
        ) ?? text,
    };
  const types = typesOf(property);
  const isNumber = types.includes('number') || types.includes('integer');
  // exact as text: it is for a money amount or shares
  if (types.includes('string') && (!isNumber || NUMBER.test(text))) return { value: text };
  const isBoolean = types.includes('boolean');
  if (isNumber && NUMBER.test(text) && Number.isFinite(Number(text)))
    return { value: Number(text) };
  if (isBoolean && (text === 'true' || text === 'false')) return { value: text === 'true' };
  const wanted = [
    ...(isNumber ? ['a number such as 1500'] : []),
    ...(isBoolean ? ['true or false'] : []),
  ];
  return wanted.length > 0 ? { fault: `expected ${wanted.join(', or ')}` } : { value: text };
};

/**
 * Reads arguments as models send them by the schema that is listed: a number or a truth value as
 * text, an empty or null optional, a word of a list in other case. What it cannot read stays for
 * the schema to refuse.
 */
export const readArguments = (
  { properties = {}, required = [] }: InputSchema,
  given: Readonly<Record<string, unknown>>,
): { read: Record<string, unknown>; faults: Fault[] } => {
  const read: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [argument, sent] of Object.entries(given)) {
    // a text is read without what cannot be kept: a stop's reason is no cause to refuse the stop
    const value = typeof sent === 'string' ? storable(sent) : sent;
    const property = Object.hasOwn(properties, argument) ? properties[argument] : undefined;
    if (!isStorable(value)) {
      faults.push({
        argument,
        message: 'holds a NUL or half of a character, such as an emoji cut in two; leave it out',
      });
    } else if (!property || (value !== null && typeof value !== 'string')) {
      read[argument] = value;
    } else if (value === null || value === '') {
      if (required.includes(argument)) read[argument] = value;
    } else {
      const found = readText(value, property);
      if ('fault' in found) faults.push({ argument, message: found.fault });
      else read[argument] = found.value;
    }
  }
  return { read, faults };
};
