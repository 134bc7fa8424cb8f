import assert from 'node:assert/strict';
import { addDays } from '#lib/dates.ts';
import { growth, mailsOn, planOf, theHost } from './billing.ts';
import type { Books } from './given.ts';
import { callApi } from './server.ts';

/** Terms in two versions, and a host with two plans, of which the company has the smaller. */
export async function billingOf(books: Books, apiKey: string): Promise<void> {
  const send = async (url: string, body: unknown): Promise<unknown> => {
    const reply = await callApi(apiKey, 'POST', url, body);
    assert.ok(reply.status < 300, `${url}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const { today } = (await callApi(apiKey, 'GET', '/v1/organization')).body as { today: string };
  await send('/v1/payment-terms', {
    text: 'Invoices are due within 30 days.\n\nGoods stay ours until then.',
  });
  const later = { effective_on: addDays(today, 14), ask_again: true };
  await send('/v1/payment-terms', { text: 'Invoices are due within 20 days.', ...later });
  const host = await theHost();
  const plan_id = await planOf(host, { ...growth, name: 'Growth' });
  await planOf(host, { ...growth, name: 'Scale', price: 14_900n, description: 'For whoever sends all day' });
  await send('/v1/billing/plan', { plan_id, email: 'books@fieldgrove.example' });
  await mailsOn(books, today, 3);
}
