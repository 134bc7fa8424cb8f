import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { refusalStatus } from '#lib/errors.ts';
import { callApi, testDemo, testServer } from './support/server.ts';

type Operation = {
  operationId: string;
  responses: Record<string, unknown>;
  parameters: { name: string; in: string }[];
};

test('/openapi.json is valid OpenAPI 3.1 and has every endpoint with its errors', async () => {
  const { app } = await testServer();
  const reply = await app.fastify.inject({ url: '/openapi.json' });
  assert.equal(reply.statusCode, 200);
  const document = reply.json();
  const result = await new Validator().validate(structuredClone(document));
  assert.deepEqual(result.errors ?? [], []);
  assert.equal(document.openapi, '3.1.0');
  const ids = new Set<string>();
  for (const endpoint of app.endpoints) {
    const operation = document.paths[endpoint.path]?.[endpoint.method.toLowerCase()] as Operation | undefined;
    assert.ok(operation, `${endpoint.method} ${endpoint.path} is not in the document`);
    ids.add(operation.operationId);
    assert.ok(operation.responses[endpoint.status]);
    for (const code of endpoint.errors)
      assert.ok(operation.responses[refusalStatus[code]], `${endpoint.path} lacks ${code}`);
    for (const [, name] of endpoint.path.matchAll(/\{(\w+)\}/g)) {
      assert.ok(operation.parameters.some((parameter) => parameter.in === 'path' && parameter.name === name));
    }
  }
  assert.equal(ids.size, app.endpoints.length, 'operation ids are unique');
});

test('an endpoint that needs a sign-in says so, one with a path id says not_found, one with a body invalid_request', async () => {
  const { app } = await testServer();
  const lacking = app.endpoints.flatMap((endpoint) => {
    const must = [
      ...(endpoint.scope === 'public' ? [] : ['unauthenticated' as const]),
      ...(endpoint.scope === 'public' || endpoint.scope === 'signed_in' ? [] : ['forbidden' as const]),
      ...(endpoint.path.includes('{') ? ['not_found' as const] : []),
    ];
    return must
      .filter((code) => !endpoint.errors.includes(code))
      .map((code) => `${endpoint.method} ${endpoint.path}: ${code}`);
  });
  assert.deepEqual(lacking, []);
});

test('every error has the envelope: type, code, a sentence, the field, the request id', async () => {
  const demo = await testDemo();
  const reply = await callApi(demo.apiKey, 'POST', '/v1/invoices', { customer_id: 'cus_x', lines: [] });
  assert.equal(reply.status, 422);
  assert.equal(reply.body.error.type, 'invalid_request_error');
  assert.equal(reply.body.error.code, 'invalid_request');
  assert.deepEqual(Object.keys(reply.body.error.fields).sort(), ['customer_id', 'lines']);
  assert.match(reply.body.error.request_id, /^req_/);
  const nowhere = await callApi(demo.apiKey, 'GET', '/v1/nowhere');
  assert.equal(nowhere.body.error.code, 'not_found');
});

test('lists page by cursor without gap or double, in every sort', async () => {
  const demo = await testDemo({ customers: 7, invoices: 40 });
  for (const sort of ['-invoice_date', 'due_date', '-total', 'number']) {
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const page = await callApi(
        demo.apiKey,
        'GET',
        `/v1/invoices?limit=7&sort=${sort}${after ? `&starting_after=${after}` : ''}`,
      );
      assert.equal(page.status, 200);
      seen.push(...page.body.data.map((invoice: { id: string }) => invoice.id));
      if (!page.body.has_more) break;
      after = seen.at(-1) ?? '';
    }
    assert.equal(new Set(seen).size, 40, sort);
    assert.equal(seen.length, 40, sort);
  }
});

test('the same Idempotency-Key answers with the first reply; another body with it is refused', async () => {
  const demo = await testDemo();
  const body = { display_name: 'Only one of these' };
  const headers = { 'idempotency-key': 'key-1' };
  const [first, second] = await Promise.all([
    callApi(demo.apiKey, 'POST', '/v1/customers', body, headers),
    callApi(demo.apiKey, 'POST', '/v1/customers', body, headers),
  ]);
  assert.equal(first.status, 201);
  assert.deepEqual(second.body, first.body);
  const other = await callApi(demo.apiKey, 'POST', '/v1/customers', { display_name: 'Another' }, headers);
  assert.equal(other.body.error.code, 'idempotency_key_reused');
});
