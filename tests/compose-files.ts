import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..');
const texts = z.array(z.string());
const duration = z.string().regex(/^\d+(ms|s|m)$/);
const size = z.string().regex(/^\d+m$/);
const condition = z.strictObject({
  condition: z.literal('service_healthy'),
  required: z.boolean().optional(),
});

/**
 * What the Compose files use of the specification, and no more: Compose takes none of it in
 * another shape, whether or not its own schema is here to say so.
 */
const container = z.strictObject({
  image: z.string().optional(),
  build: z
    .union([z.string(), z.strictObject({ context: z.string(), dockerfile_inline: z.string() })])
    .optional(),
  command: texts.optional(),
  user: z.string().optional(),
  init: z.boolean().optional(),
  profiles: texts.optional(),
  restart: z.enum(['unless-stopped', 'always']).optional(),
  stop_grace_period: duration.optional(),
  mem_limit: size.optional(),
  shm_size: size.optional(),
  read_only: z.boolean().optional(),
  cap_drop: texts.optional(),
  security_opt: texts.optional(),
  network_mode: z.literal('none').optional(),
  networks: texts.optional(),
  ports: texts.optional(),
  volumes: texts.optional(),
  tmpfs: texts.optional(),
  secrets: texts.optional(),
  environment: z.record(z.string(), z.union([z.string(), z.int()])).optional(),
  depends_on: z.record(z.string(), condition).optional(),
  logging: z
    .strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) })
    .optional(),
  healthcheck: z
    .strictObject({
      test: texts,
      interval: duration,
      timeout: duration,
      start_period: duration.optional(),
      retries: z.int(),
    })
    .optional(),
});
export const composeFile = z.object({
  name: z.literal('catalyst').optional(),
  services: z.record(z.string(), container),
  networks: z.record(z.string(), z.strictObject({ driver: z.string() })).default({}),
  volumes: z.record(z.string(), z.null()).default({}),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })).default({}),
});

type Tree = { [key: string]: unknown };
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A Compose file as YAML means it, anchors and merge keys resolved. */
export const readCompose = (path: string): Tree =>
  parse(readFileSync(join(root, path), 'utf8'), { merge: true }) as Tree;

/** Replaced as a whole where a later file has them; every other list is appended to. */
const replaced = new Set(['command', 'entrypoint', 'test']);

/** Compose's rules for `-f one -f two`: maps are merged, lists appended, the rest replaced. */
export const mergeCompose = (base: Tree, overlay: Tree): Tree =>
  Object.entries(overlay).reduce<Tree>((merged, [key, value]) => {
    const before = merged[key];
    if (isTree(before) && isTree(value)) return { ...merged, [key]: mergeCompose(before, value) };
    if (Array.isArray(before) && Array.isArray(value) && !replaced.has(key))
      return { ...merged, [key]: [...new Set([...before, ...value])] };
    return { ...merged, [key]: value };
  }, base);

const variable = /\$\{(\w+)(?::([-?])([^}]*))?\}/g;

/** Fills in `${NAME}`, `${NAME:-default}` and `${NAME:?why}` in every string, as Compose does. */
export const interpolate = (value: unknown, env: Record<string, string> = {}): unknown => {
  if (Array.isArray(value)) return value.map((item) => interpolate(item, env));
  if (isTree(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, interpolate(item, env)]),
    );
  if (typeof value !== 'string') return value;
  const filled = value.replace(variable, (_, name: string, kind?: string, words = '') => {
    const given = env[name] ?? '';
    if (given === '' && kind === '?') throw new Error(`${name} is required: ${words}`);
    return given === '' && kind === '-' ? words : given;
  });
  if (filled.includes('$')) throw new Error(`Compose takes no lone $: ${value}`);
  return filled;
};
