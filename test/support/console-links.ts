import { sql } from 'kysely';
import { type Books, given, news } from './given.ts';
import { callApi } from './server.ts';

/** Payment links of one customer in every state. */
export async function paymentLinksFor(books: Books, apiKey: string, customerId: string): Promise<void> {
  const made = async (body: Record<string, unknown>): Promise<string> => {
    const asked = { customer_id: customerId, mail: false, ...body };
    const reply = await callApi(apiKey, 'POST', '/v1/payment-links', asked);
    return (reply.body as { id: string }).id;
  };
  const paid = await made({ description: 'Deposit for the spring planting', amount: 50_000 });
  const { paymentId } = await given.charge(books, { customerId, amount: 50_000n, source: 'payment_page' });
  await books.tx((tx) =>
    tx.run(sql`update payments set payment_link_id = ${paid} where organization_id = ${books.organizationId}
      and id = ${paymentId}`),
  );
  await given.outcome(books, paymentId, news('approved'));
  const expired = await made({ description: 'Retainer, first quarter', amount: 120_000 });
  await books.tx((tx) =>
    tx.run(sql`update payment_links set expires_at = created_at
      where organization_id = ${books.organizationId} and id = ${expired}`),
  );
  const wrong = await made({ description: 'Deposit, wrong amount', amount: 5_000 });
  await callApi(apiKey, 'POST', `/v1/payment-links/${wrong}/withdraw`);
  await made({ description: 'Support for the community garden', fixed: false });
  await made({ description: 'Deposit for kitchen job', amount: 75_000, fixed: false });
  await made({ description: 'Tree survey before we quote', amount: 18_500 });
}
