import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { officialDocument, openApiJudge, readDocument } from '../../../../test/support/openapi-judge.ts';
import type { CarrierExchange } from '../../carrier-lab.ts';
import { sampleText } from '../conformance.ts';
import { startFakeTwilio } from './twilio-fake.ts';
import { twilioTexter } from './twilio-texter.ts';
import { twilioVendor } from './twilio-vendor.ts';

/** Twilio's own document, where it lies beside the project. It describes no errors: they are not compared. */
const file = officialDocument('twilio/twilio_api_v2010.json');
const skip = file ? false : 'the vendor’s document is not here';

/** A day of everything: texts from a number and a service, refusals, questions, the check of an account. */
async function everything(t: TestContext): Promise<CarrierExchange[]> {
  const fake = await startFakeTwilio();
  t.after(() => fake.stop());
  const { accountSid, authToken, number, url } = fake;
  for (const sender of [number, `MG${'0'.repeat(32)}`]) {
    const texter = twilioTexter({ accountSid, authToken, sender }, { url, timeout_ms: 5000 });
    const text = sampleText();
    await texter.send(text);
    await texter.lookup(text);
    await texter.lookup(sampleText());
    fake.stopped.add('+15125550199');
    await texter.send(sampleText({ to: '+15125550199' }));
    fake.troubles.push({ kind: 'rateLimited', retryAfter_s: 300 });
    await texter.send(sampleText());
  }
  const credentials = { account_sid: accountSid, auth_token: authToken, sender: number };
  assert.ok((await twilioVendor({ url }).check(credentials)).ok);
  return fake.exchanges;
}

test('everything that is sent to Twilio, and everything that its fake answers, is in Twilio’s own document', {
  skip,
}, async (t) => {
  const judge = openApiJudge(await readDocument(file ?? ''));
  const exchanges = await everything(t);
  assert.deepEqual([...new Set(exchanges.flatMap(judge.faults))], []);
  const seen = new Set(exchanges.map(judge.nameOf));
  const root = '/2010-04-01/Accounts/{AccountSid}';
  for (const expected of [
    ...[`POST ${root}/Messages.json 201`, `POST ${root}/Messages.json 400`, `POST ${root}/Messages.json 429`],
    ...[`GET ${root}/Messages.json 200`, `GET ${root}/IncomingPhoneNumbers.json 200`],
    'GET /2010-04-01/Accounts/{Sid}.json 200',
  ])
    assert.ok(seen.has(expected), `${expected} was never tried; only ${[...seen].join(', ')}`);
});

test('the comparison refuses a wrong word on either side of each exchange, so that its silence means something', {
  skip,
}, async (t) => {
  const judge = openApiJudge(await readDocument(file ?? ''));
  for (const exchange of await everything(t)) {
    const { sent, answered } = judge.knows(exchange);
    const name = judge.nameOf(exchange);
    assert.equal(answered, exchange.status < 300, name);
    assert.notDeepEqual(judge.faults({ ...exchange, path: '/2010-04-01/Invented.json' }), [], name);
    assert.notDeepEqual(judge.faults({ ...exchange, query: [['Invented', '1']] }), [], name);
    const answer = { ...(exchange.answer as object), invented: true };
    if (answered) assert.notDeepEqual(judge.faults({ ...exchange, answer }), [], name);
    if (answered) assert.notDeepEqual(judge.faults({ ...exchange, answer: 7 }), [], name);
    if (!sent) continue;
    const body = exchange.body as object;
    assert.notDeepEqual(judge.faults({ ...exchange, body: { ...body, Invented: 'x' } }), [], name);
    assert.notDeepEqual(judge.faults({ ...exchange, body: { ...body, To: 'Ana' } }), [], name);
  }
});
