import { z } from 'zod';
import type { App } from '#http/app.ts';
import { zError } from '#http/errors.ts';
import type { Endpoint } from '#lib/endpoint.ts';
import { refusalStatus } from '#lib/errors.ts';

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  // In JSON a codec is what it is read from: the input side, for requests and for replies alike.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  });
  return rest;
};

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 200 },
  description: 'Makes a second try harmless: the same key and body answer with the first reply.',
};

function parametersOf(endpoint: Endpoint): Json[] {
  const from = (schema: z.ZodObject, place: 'path' | 'query'): Json[] => {
    const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
      properties?: Json;
      required?: string[];
    };
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: property,
    }));
  };
  const writes = endpoint.method !== 'GET' && endpoint.scope !== 'public';
  return [
    ...from(endpoint.params, 'path'),
    ...from(endpoint.query, 'query'),
    ...(writes ? [idempotencyKey] : []),
  ];
}

/** Every reply an endpoint may give: its own, and each refusal it names, grouped by status. */
function repliesOf(endpoint: Endpoint): Json {
  const replies: Json = {
    [endpoint.status]: {
      description: endpoint.summary,
      content: { [endpoint.fileType ?? 'application/json']: { schema: schemaOf(endpoint.reply, 'input') } },
    },
  };
  const codes = new Set([
    ...endpoint.errors,
    ...(endpoint.method === 'GET' || endpoint.scope === 'public' ? [] : ['idempotency_key_reused' as const]),
  ]);
  const byStatus = Map.groupBy(codes, (code) => refusalStatus[code]);
  for (const [status, of] of byStatus) {
    replies[status] = {
      description: of.join(', '),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/error' } } },
    };
  }
  return replies;
}

function operationOf(endpoint: Endpoint): Json {
  const hasBody = !(endpoint.body instanceof z.ZodUndefined);
  const isFile = endpoint.body instanceof z.ZodAny;
  const content = isFile
    ? { 'text/csv': { schema: { type: 'string', contentMediaType: 'text/csv' } } }
    : { 'application/json': { schema: hasBody ? schemaOf(endpoint.body, 'input') : {} } };
  return {
    operationId: `${endpoint.method.toLowerCase()}${endpoint.path.replace(/[^a-z0-9]+/gi, '_')}`.replace(
      /_$/,
      '',
    ),
    summary: endpoint.summary,
    tags: [endpoint.path.split('/')[2] ?? 'owed'],
    security: endpoint.scope === 'public' ? [] : [{ apiKey: [] }, { session: [] }],
    ...(endpoint.scope === 'public' ? {} : { 'x-scope': endpoint.scope }),
    ...(endpoint.orScope ? { 'x-or-scope': endpoint.orScope } : {}),
    parameters: parametersOf(endpoint),
    ...(hasBody ? { requestBody: { required: true, content } } : {}),
    responses: repliesOf(endpoint),
  };
}

/** The API as OpenAPI 3.1, from the same values that the server mounts and the pages call. */
export function openApi(endpoints: readonly Endpoint[], baseUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method.toLowerCase()]: operationOf(endpoint),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Owed',
      version: '2026-11-22',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Money is integer minor units with its currency; lists page by starting_after; errors name the field and the remedy.',
    },
    servers: [{ url: baseUrl }],
    paths,
    components: {
      schemas: { error: schemaOf(zError, 'input') },
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'owed_staff' },
      },
    },
  };
}

export function serveOpenApi(app: App): void {
  let text: string | undefined;
  app.fastify.get('/openapi.json', async (_request, reply) => {
    text ??= JSON.stringify(openApi(app.endpoints, app.config.baseUrl));
    return reply.type('application/json').send(text);
  });
}
