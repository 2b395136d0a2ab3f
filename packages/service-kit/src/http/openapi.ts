import type { Api, Route } from '@catalyst/contracts';
import { errorBody } from '@catalyst/contracts';
import { z } from 'zod';

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io,
    unrepresentable: 'any',
  });
  return rest;
};

const parameters = (place: 'path' | 'query', schema: z.ZodType | undefined) => {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
};

const operation = (name: string, declared: Route) => ({
  operationId: name,
  summary: declared.summary,
  security: [{ service_key: [] }],
  parameters: [...parameters('path', declared.params), ...parameters('query', declared.query)],
  ...(declared.body && {
    requestBody: {
      required: true,
      content: { 'application/json': { schema: jsonSchema(declared.body, 'input') } },
    },
  }),
  responses: {
    200: {
      description: 'Done',
      content: { 'application/json': { schema: jsonSchema(declared.response, 'output') } },
    },
    default: {
      description: 'Refused or failed',
      content: { 'application/json': { schema: jsonSchema(errorBody, 'output') } },
    },
  },
});

/** The OpenAPI 3.0 document of a service, generated from its contract. */
export const describeApi = (service: string, version: string, api: Api) => {
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, declared] of Object.entries(api)) {
    const path = declared.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[declared.method.toLowerCase()] = operation(name, declared);
  }
  return {
    openapi: '3.0.3',
    info: { title: `Catalyst ${service}`, version },
    paths,
    components: {
      securitySchemes: { service_key: { type: 'apiKey', in: 'header', name: 'X-API-Key' } },
    },
  };
};
