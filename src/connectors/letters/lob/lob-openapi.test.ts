import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { officialDocument, openApiJudge, readDocument } from '../../../../test/support/openapi-judge.ts';
import type { CarrierExchange } from '../../carrier-lab.ts';
import { sampleLetter } from '../conformance.ts';
import { startFakeLob } from './lob-fake.ts';
import { lobLab } from './lob-lab.ts';
import { lobVendor } from './lob-vendor.ts';

/** Lob's own document, where it lies beside the project: both sides of every exchange must be in it. */
const file = officialDocument('lob/lob-api-bundled.yml');
const skip = file ? false : 'the vendor’s document is not here';

/** The examples of the document itself do not match its pattern of a signed link: that is passed over. */
async function judgeOf() {
  const document = await readDocument(file ?? '');
  const { schemas } = document.components as { schemas: Record<string, { pattern?: string }> };
  delete schemas.signed_link?.pattern;
  return openApiJudge(document, '/v1');
}

/** A day of everything: letters at home and abroad, refusals, questions, cancellations, addresses, errors. */
async function everything(t: TestContext): Promise<CarrierExchange[]> {
  const lab = await lobLab();
  t.after(() => lab.close());
  const { printer } = lab;
  const letter = await sampleLetter(lab);
  const sent = await printer.send(letter);
  assert.ok(sent.outcome === 'accepted');
  await printer.send(letter);
  await printer.lookup(letter);
  await printer.lookup(await sampleLetter(lab));
  const to = (address: object) => sampleLetter(lab, { to: { name: 'Ana', address } });
  await printer.send(await to({ line1: 'Am Kanal 1', city: 'Berlin', postal_code: '10115', country: 'DE' }));
  await printer.send(await to({ line1: '1 Sol', city: 'San Juan', postal_code: '00901', country: 'PR' }));
  await printer.send(
    await to({ line1: '1 King St', city: 'Toronto', region: 'ON', postal_code: 'M5H 1A1', country: 'CA' }),
  );
  await printer.send(await sampleLetter(lab, { pdf: await lab.pdf('wrong') }));
  await lab.locked.send(await sampleLetter(lab));
  for (const trouble of [{ kind: 'rateLimited', retryAfter_s: 300 }, { kind: 'errorAfterCommit' }] as const) {
    lab.trouble(trouble);
    await printer.send(await sampleLetter(lab));
  }
  await printer.cancel(sent.reference);
  await printer.cancel(sent.reference);
  await printer.cancel('ltr_0000000000000000');
  for (const line1 of ['1 Main Street', '2 missing unit Street', '3 undeliverable Street'])
    await printer.verify({ line1, line2: 'Suite 2', city: 'Austin', region: 'TX', postal_code: '78701' });
  await printer.verify({ line1: '1 Main Street' });
  await printer.verify({ line1: 'Am Kanal 1', city: 'Berlin', postal_code: '10115', country: 'DE' });
  const own = await startFakeLob();
  t.after(() => own.stop());
  await lobVendor({ url: own.url }).check({ api_key: own.apiKey, webhook_secret: '' });
  return [...lab.exchanges(), ...own.exchanges];
}

test('everything that is sent to Lob, and everything that its fake answers, is in Lob’s own document', {
  skip,
}, async (t) => {
  const judge = await judgeOf();
  const exchanges = await everything(t);
  assert.deepEqual([...new Set(exchanges.flatMap(judge.faults))], []);
  const seen = new Set(exchanges.map(judge.nameOf));
  for (const expected of [
    ...[
      'POST /letters 200',
      'POST /letters 401',
      'POST /letters 422',
      'POST /letters 429',
      'POST /letters 500',
    ],
    ...['GET /letters 200', 'GET /letters/{ltr_id} 200', 'GET /letters/{ltr_id} 404'],
    ...['DELETE /letters/{ltr_id} 200', 'DELETE /letters/{ltr_id} 404', 'DELETE /letters/{ltr_id} 422'],
    ...['POST /us_verifications 200', 'POST /intl_verifications 200'],
  ])
    assert.ok(seen.has(expected), `${expected} was never tried; only ${[...seen].join(', ')}`);
});

test('the comparison refuses a wrong word on either side of each exchange, so that its silence means something', {
  skip,
}, async (t) => {
  const judge = await judgeOf();
  for (const exchange of await everything(t)) {
    const { sent, answered } = judge.knows(exchange);
    const name = judge.nameOf(exchange);
    assert.ok(answered, name);
    // What answers a cancellation has no type in the document.
    const isTyped = !name.startsWith('DELETE') || exchange.status > 299;
    if (isTyped) assert.notDeepEqual(judge.faults({ ...exchange, answer: 7 }), [], name);
    assert.notDeepEqual(judge.faults({ ...exchange, path: '/v1/invented' }), [], name);
    assert.notDeepEqual(judge.faults({ ...exchange, query: [['invented', '1']] }), [], name);
    const answer = exchange.answer as object;
    assert.notDeepEqual(judge.faults({ ...exchange, answer: { ...answer, invented: true } }), [], name);
    if (!sent) continue;
    assert.notDeepEqual(judge.faults({ ...exchange, body: { invented: 'x' } }), [], name);
    const body = { ...(exchange.body as object), invented: 'x' };
    assert.notDeepEqual(judge.faults({ ...exchange, body }), [], name);
  }
});
