import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { endpoint, zMinor } from '#lib/endpoint.ts';
import { ApiError, newIdempotencyKey, readReply, urlOf } from '#ui/call.ts';

const getThing = endpoint({
  method: 'GET',
  path: '/v1/things/{id}',
  summary: 'A thing',
  scope: 'signed_in',
  params: z.object({ id: z.string() }),
  query: z.object({ q: z.string().optional(), limit: z.number().optional() }),
  reply: z.object({ amount: zMinor }),
});

test('an address carries its parameters escaped, and only the parts of the query that are set', () => {
  const input = { params: { id: 'a/b c' }, query: { q: 'x&y', limit: undefined } };
  assert.equal(urlOf(getThing, input), '/v1/things/a%2Fb%20c?q=x%26y');
});

test('an amount arrives as a bigint of minor units', () => {
  assert.deepEqual(readReply(getThing, 200, '{"amount":123450}'), { amount: 123450n });
});

test('a refusal says what is wrong, at which field, and under which request it is found', () => {
  const refused = {
    error: { type: 't', code: 'conflict', message: 'Taken.', param: 'name', request_id: 'req_1' },
  };
  assert.throws(
    () => readReply(getThing, 409, JSON.stringify(refused)),
    (error) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual(
        [error.code, error.status, error.fields, error.request_id],
        ['conflict', 409, { name: 'Taken.' }, 'req_1'],
      );
      return true;
    },
  );
});

test('an answer that is none is told as such, whatever a proxy made of it', () => {
  assert.throws(() => readReply(getThing, 502, '<html>Bad gateway</html>'), { code: 'unreachable' });
  assert.throws(() => readReply(getThing, 200, '{"amount":"much"}'), { code: 'unreadable_reply' });
});

test('two intentions never share a key', () => {
  assert.notEqual(newIdempotencyKey(), newIdempotencyKey());
});
