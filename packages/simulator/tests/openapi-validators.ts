import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Api } from './served-endpoints/endpoint.ts';

const root = resolve(fileURLToPath(import.meta.url), '../../../..');
const reference = join(process.env.REFERENCE_DATA ?? join(root, '../shared/data'), 'alpaca');

/** Whether Alpaca's specifications are at hand; without them a test says what it leaves out. */
export const hasSpecifications = existsSync(join(reference, 'trading-api.json'));
if (!hasSpecifications)
  console.warn(
    `left out: no answer is held against Alpaca's specifications, since ${reference} is absent (set REFERENCE_DATA)`,
  );

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
}

export interface Specifications {
  operations: { api: Api; method: string; path: string }[];
  /** Why a body is not what an operation answers with a status; empty where it is. */
  violations(api: Api, method: string, path: string, status: number, body: unknown): unknown[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const pointerTo = (...parts: string[]): string =>
  parts
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');

export const readSpecifications = (): Specifications => {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  const apis: Api[] = ['trading-api', 'market-data-api'];
  const paths = new Map(
    apis.map((api): [Api, Record<string, Record<string, Operation>>] => {
      const specification = JSON.parse(readFileSync(join(reference, `${api}.json`), 'utf8')) as {
        paths: Record<string, Record<string, Operation>>;
      };
      ajv.addSchema(specification, api);
      return [api, specification.paths];
    }),
  );
  const validators = new Map<string, ValidateFunction>();
  return {
    operations: [...paths].flatMap(([api, ofApi]) =>
      Object.entries(ofApi).flatMap(([path, operations]) =>
        Object.keys(operations)
          .filter((method) => METHODS.includes(method))
          .map((method) => ({ api, method, path })),
      ),
    ),
    violations: (api, method, path, status, body) => {
      const response = paths.get(api)?.[path]?.[method]?.responses[String(status)];
      if (!response) return [`${api} describes no ${status} answer to ${method} ${path}`];
      if (!response.content?.['application/json']?.schema)
        return body === null ? [] : ['expected no body'];
      const key = `${api}#/${pointerTo('paths', path, method, 'responses', String(status), 'content', 'application/json', 'schema')}`;
      const validate = validators.get(key) ?? ajv.compile({ $ref: key });
      validators.set(key, validate);
      return validate(body) ? [] : (validate.errors ?? []);
    },
  };
};
