import type { Behaviour } from '#connectors/gateways/sandbox/test-numbers.ts';
import { type Books, given } from './given.ts';
import { type Browser, freshEmail, query, signUp, tokenFor, whileWorking } from './portal.ts';

/** Someone all the way in, for a customer of their own. */
export type TestPayer = { browser: Browser; customerId: string; email: string; of: Books };

export async function payerOf(
  of: Books,
  change: Parameters<typeof given.customer>[1] = {},
): Promise<TestPayer> {
  const email = freshEmail();
  const customerId = await given.customer(of, { ...change, email });
  return { browser: await signUp(of, { customerIds: [customerId], email }), customerId, email, of };
}

/** From the list to the checkout with these invoices, and perhaps amounts. */
export async function chooseInvoices(
  browser: Browser,
  invoices: Record<string, string | undefined>,
): Promise<Browser> {
  await browser.open('/portal');
  const amounts = Object.entries(invoices).flatMap(([id, typed]) =>
    typed === undefined ? [] : [[`amount_${id}`, typed]],
  );
  return browser.submit('/portal/checkout', {
    invoice: Object.keys(invoices),
    ...Object.fromEntries(amounts),
  });
}

/** Press Pay with a new card, while the worker is at work. */
export async function pay(who: Pick<TestPayer, 'browser' | 'of'>, behaviour: Behaviour): Promise<Browser> {
  const token = await tokenFor(who.of, behaviour);
  return whileWorking(who.of, () => who.browser.submit('/portal/pay', { method: 'card', token }));
}

type Balance = { balance_due: bigint; reserved: bigint; last_viewed_at: Date | null };
export const invoiceRow = async (id: string): Promise<Balance | undefined> =>
  (await query<Balance>('select balance_due, reserved, last_viewed_at from invoices where id = $1', [id]))[0];
