import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeApp } from '#compose-app.ts';
import { createImport } from '#features/imports/api.ts';
import { csvOf } from '../../../test/support/imports.ts';
import { testDemo, testServer } from '../../../test/support/server.ts';

let port = 0;
let app: Awaited<ReturnType<typeof makeApp>>;
const keys: string[] = [];
before(async () => {
  app = await makeApp((await testServer()).parts, { level: 'silent' });
  await app.fastify.listen({ port: 0, host: '127.0.0.1' });
  port = (app.fastify.server.address() as AddressInfo).port;
  for (let at = 0; at < 3; at += 1) keys.push((await testDemo()).apiKey);
});
const begun: Upload[] = [];
after(async () => {
  for (const { sending } of begun) sending.destroy();
  app.fastify.server.closeAllConnections();
  await app.fastify.close();
});

type Upload = { sending: ClientRequest; answer: Promise<{ status: number; body: string }> };

/** The beginning of a file over a line that stalls: the rest comes when `finish` sends it. */
function beginUpload(key: string): Upload {
  const sending = request({
    port,
    method: 'POST',
    path: '/v1/imports?kind=customers&file_name=people.csv',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
  });
  sending.write('Display name,Email\r\n');
  const answer = once(sending, 'response').then(async ([reply]: IncomingMessage[]) => {
    let body = '';
    for await (const chunk of reply as IncomingMessage) body += String(chunk);
    return { status: reply?.statusCode ?? 0, body };
  });
  answer.catch(() => undefined);
  begun.push({ sending, answer });
  return { sending, answer };
}

const finish = (upload: Upload) => {
  upload.sending.end(csvOf([{ 'Display name': 'Ann', Email: 'ann@ann.example' }]).replace(/^.*\r?\n/, ''));
  return upload.answer;
};

const statusOf = (upload: Upload): Promise<number | 'under way'> =>
  Promise.race([upload.answer.then(({ status }) => status), sleep(50).then(() => 'under way' as const)]);
type Standing = { underWay: Upload[]; refused: Upload[] };
/** Who is let in and who is not, once so many have been refused and nothing more happens. */
async function standing(uploads: readonly Upload[], refusals: number): Promise<Standing> {
  for (let tries = 0, calm = 0; tries < 200; tries += 1) {
    await sleep(100);
    const statuses = await Promise.all(uploads.map(statusOf));
    const refused = uploads.filter((_, at) => statuses[at] === 429);
    const underWay = uploads.filter((_, at) => statuses[at] === 'under way');
    calm = refused.length >= refusals ? calm + 1 : 0;
    if (calm === 8) return { underWay, refused };
  }
  return assert.fail(`fewer than ${refusals} are refused`);
}

test('of 25 uploads that stall at once a few are taken, the others are told, and everyone else is served', async () => {
  const { all, organization } = createImport.atOnce ?? assert.fail('uploads have no limit');
  const uploads = Array.from({ length: 25 }, (_, at) => beginUpload(keys[at % keys.length] ?? ''));
  const { underWay, refused } = await standing(uploads, 25 - all);
  const served = await Promise.race([
    fetch(`http://127.0.0.1:${port}/v1/customers`, { headers: { authorization: `Bearer ${keys[0]}` } }),
    sleep(10_000, undefined, { ref: false }),
  ]);
  assert.equal(served?.status, 200, 'a page waits for the uploads of others');
  assert.deepEqual([underWay.length, refused.length], [all, 25 - all]);
  const told = await (refused[0] as Upload).answer;
  assert.match(JSON.parse(told.body).error.message, /being uploaded.*again/);

  // An upload that is given up leaves its place to the next one, of whichever organization has one free.
  (underWay[0] as Upload).sending.destroy();
  let next: Standing = { underWay: [], refused: [] };
  for (let tries = 0; tries < 10 && next.underWay.length === 0; tries += 1)
    next = await standing(keys.map(beginUpload), keys.length - 1);
  assert.equal(next.underWay.length, 1);
  assert.ok(organization < all);
  const ended = await Promise.all([...underWay.slice(1), ...next.underWay].map(finish));
  assert.deepEqual(new Set(ended.map(({ status }) => status)), new Set([201]));
  const alone = Array.from({ length: all }, () => beginUpload(keys[0] ?? ''));
  const own = await standing(alone, all - organization);
  assert.equal(own.underWay.length, organization, 'one organization does not take all places');
  await Promise.all(own.underWay.map(finish));
});
