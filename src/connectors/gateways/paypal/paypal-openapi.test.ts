import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { must } from '#lib/errors.ts';
import { passDays, refundOf, request } from '../gateway-lab.ts';
import type { Exchange } from './fake/paypal-fake.ts';
import { type PaypalLab, paypalLab } from './paypal-lab.ts';

/**
 * PayPal's own OpenAPI documents, where they lie beside the project: what the connector sends and what the
 * fake answers must both be in them.
 */
const folder =
  process.env.OWED_OFFICIAL_DOCS ?? fileURLToPath(new URL('../../../../../shared/official', import.meta.url));
const isThere = existsSync(path.join(folder, 'paypal'));

type Schema = { [key: string]: unknown };
type Operation = {
  requestBody?: { $ref?: string; content?: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
};
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; requestBodies?: Record<string, Operation['requestBody']> };
};

const covered: { document: string; method: string; template: string; path: RegExp }[] = [
  {
    document: 'checkout_orders_v2',
    method: 'POST',
    template: '/v2/checkout/orders',
    path: /^\/v2\/checkout\/orders$/,
  },
  {
    document: 'checkout_orders_v2',
    method: 'GET',
    template: '/v2/checkout/orders/{id}',
    path: /^\/v2\/checkout\/orders\/\w+$/,
  },
  {
    document: 'checkout_orders_v2',
    method: 'PATCH',
    template: '/v2/checkout/orders/{id}',
    path: /^\/v2\/checkout\/orders\/\w+$/,
  },
  {
    document: 'checkout_orders_v2',
    method: 'POST',
    template: '/v2/checkout/orders/{id}/capture',
    path: /\/capture$/,
  },
  {
    document: 'payments_payment_v2',
    method: 'GET',
    template: '/v2/payments/captures/{capture_id}',
    path: /\/captures\/\w+$/,
  },
  {
    document: 'payments_payment_v2',
    method: 'POST',
    template: '/v2/payments/captures/{capture_id}/refund',
    path: /\/refund$/,
  },
  {
    document: 'payments_payment_v2',
    method: 'GET',
    template: '/v2/payments/refunds/{refund_id}',
    path: /\/refunds\/\w+$/,
  },
  {
    document: 'notifications_webhooks_v1',
    method: 'GET',
    template: '/v1/notifications/webhooks/{webhook_id}',
    path: /\/webhooks\/\w+$/,
  },
  {
    document: 'reporting_transactions_v1',
    method: 'GET',
    template: '/v1/reporting/transactions',
    path: /^\/v1\/reporting\/transactions$/,
  },
];

const read = (name: string): Document =>
  JSON.parse(readFileSync(path.join(folder, 'paypal', `${name}.json`), 'utf8')) as Document;

/** OpenAPI 3.0 is JSON schema but for its own words, which the validator is told to pass over. */
function validatorOf(document: Document) {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, unicodeRegExp: false });
  ajv.addSchema({ ...document, $id: 'doc' }, 'doc');
  const known = new Map<string, ValidateFunction>();
  const absolute = (schema: unknown): unknown =>
    JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/'));
  return (schema: Schema, value: unknown): string[] => {
    const key = JSON.stringify(schema);
    const validate = known.get(key) ?? ajv.compile(absolute(schema) as Schema);
    known.set(key, validate);
    validate(value);
    const faults = (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
    return [...faults, ...undocumented(document, schema, value, '')];
  };
}

const resolved = (document: Document, schema: Schema): Schema[] => {
  const ref = schema.$ref;
  const target =
    typeof ref === 'string' ? document.components.schemas[ref.split('/').at(-1) ?? ''] : undefined;
  const parts = [schema.allOf, schema.anyOf, schema.oneOf].flatMap((each) => (each ?? []) as Schema[]);
  return [
    schema,
    ...(target ? resolved(document, target) : []),
    ...parts.flatMap((each) => resolved(document, each)),
  ];
};

/** A field that the document does not have is nothing a schema objects to; it would be a fake's invention. */
function undocumented(document: Document, schema: Schema, value: unknown, at: string): string[] {
  if (value === null || typeof value !== 'object') return [];
  const all = resolved(document, schema);
  if (Array.isArray(value)) {
    const items = all.flatMap((each) => (each.items ? [each.items as Schema] : []));
    return value.flatMap((each, n) => undocumented(document, { allOf: items }, each, `${at}/${n}`));
  }
  if (all.some((each) => each.additionalProperties)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const schemas = all.flatMap((each) => {
      const property = (each.properties as Record<string, Schema> | undefined)?.[key];
      return property ? [property] : [];
    });
    return schemas.length === 0
      ? [`${at}/${key} is not in the document`]
      : undocumented(document, { allOf: schemas }, inner, `${at}/${key}`);
  });
}

const isJson = (content: Record<string, { schema: Schema }> | undefined): Schema | undefined =>
  content?.['application/json']?.schema;

function schemasOf(document: Document, operation: Operation, status: number) {
  const body = operation.requestBody;
  const named = body?.$ref?.split('/').at(-1);
  const full = named === undefined ? body : document.components.requestBodies?.[named];
  return {
    sent: isJson(full?.content),
    answered: isJson((operation.responses[String(status)] ?? operation.responses.default)?.content),
  };
}

/** A day of everything: orders of each kind of payer, declines, refunds, reports, errors. */
async function everything(lab: PaypalLab): Promise<void> {
  const { gateway } = lab;
  const refunds = must(gateway.refunds, 'refunds');
  for (const buyer of [
    'balance',
    'venmo',
    'echeck',
    'under_review',
    'declined',
    'instrument_declined',
    'cannot_pay',
  ] as const) {
    const charge = request(lab, await lab.approvedBy(buyer));
    const outcome = await gateway.charge(charge);
    await gateway.charge(charge);
    if (outcome.outcome !== 'settled' && outcome.outcome !== 'submitted') continue;
    const made = { charge, reference: outcome.reference, method: outcome.method };
    await refunds.refund(refundOf(lab, made, { amount: 100n }));
    await refunds.refund(refundOf(lab, made, { amount: 99_999_999n }));
    await refunds.refund(refundOf(lab, made, { amount: 12_245n }));
    await refunds.refund(refundOf(lab, made, { amount: 1n }));
    await refunds.lookup(refundOf(lab, made));
  }
  await lab.approvedBy('balance', { amount: 100n, currency: 'INR' }).catch(() => {});
  await gateway.charge(request(lab, '5O190127TN364715T'));
  await refunds.lookup(
    refundOf(lab, {
      charge: request(lab, ''),
      reference: '8WK75382LT1234567',
      method: { kind: 'paypal', brand: 'paypal', last4: '' },
    }),
  );
  lab.fake.tokens.issued.clear();
  const at = await passDays(lab, 6);
  await must(gateway.payouts, 'payouts').list({ since: '2026-03-02', at });
}

const skip = isThere ? false : 'the vendor’s documents are not here';

async function recorded(t: TestContext): Promise<Exchange[]> {
  const lab = await paypalLab();
  t.after(() => lab.close());
  await everything(lab);
  return lab.fake.exchanges;
}

test('everything that is sent, and everything that is answered, is in PayPal’s own documents', {
  skip,
}, async (t) => {
  const exchanges = await recorded(t);
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const name of new Set(covered.map((each) => each.document))) {
    const document = read(name);
    const validate = validatorOf(document);
    for (const { method, template, path: address } of covered.filter((each) => each.document === name)) {
      const operation = must(document.paths[template]?.[method.toLowerCase()], template);
      for (const each of exchanges.filter((one) => one.method === method && address.test(one.path))) {
        const { sent, answered } = schemasOf(document, operation, each.status);
        seen.add(`${method} ${template} ${each.status}`);
        const wrong = [
          ...(sent ? validate(sent, each.body).map((fault) => `sent: ${fault}`) : []),
          ...(answered ? validate(answered, each.answer).map((fault) => `answered: ${fault}`) : []),
        ];
        faults.push(...wrong.map((fault) => `${method} ${template} ${each.status} ${fault}`));
      }
    }
  }
  assert.deepEqual([...new Set(faults)], []);
  for (const expected of [
    'POST /v2/checkout/orders 201',
    'POST /v2/checkout/orders 422',
    'GET /v2/checkout/orders/{id} 200',
    'GET /v2/checkout/orders/{id} 404',
    'PATCH /v2/checkout/orders/{id} 204',
    'POST /v2/checkout/orders/{id}/capture 201',
    'POST /v2/checkout/orders/{id}/capture 422',
    'GET /v2/payments/captures/{capture_id} 200',
    'GET /v2/payments/captures/{capture_id} 404',
    'POST /v2/payments/captures/{capture_id}/refund 201',
    'POST /v2/payments/captures/{capture_id}/refund 422',
    'GET /v1/reporting/transactions 200',
  ])
    assert.ok(seen.has(expected), `${expected} was never tried; only ${[...seen].join(', ')}`);
});

test('the comparison refuses a wrong body for every operation, so that its silence means something', {
  skip,
}, async (t) => {
  const exchanges = await recorded(t);
  for (const { document: name, method, template, path: address } of covered) {
    const document = read(name);
    const validate = validatorOf(document);
    const operation = must(document.paths[template]?.[method.toLowerCase()], template);
    const good = exchanges.find(
      (each) => each.method === method && address.test(each.path) && each.status < 300,
    );
    const { sent, answered } = schemasOf(document, operation, good?.status ?? 200);
    for (const schema of [sent, answered].filter((each) => each !== undefined)) {
      assert.notDeepEqual(validate(schema, { invented: true }), [], `${method} ${template}`);
      assert.notDeepEqual(validate(schema, 7), [], `${method} ${template}`);
    }
    const answer = good?.answer as Record<string, unknown> | undefined;
    if (answered && answer && 'status' in answer)
      assert.notDeepEqual(validate(answered, { ...answer, status: 'MADE_UP' }), [], template);
  }
});
