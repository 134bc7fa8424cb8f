import { sql } from 'kysely';
import { hearOutcome } from '#features/autopay/hear-outcome.ts';
import type { AutopayTerms } from '#features/autopay/rules.ts';
import { setAutopay } from '#features/autopay/set-autopay.ts';
import { workAutopay } from '#features/autopay/work-autopay.ts';
import type { GatewayOutcome, MethodDetails } from '#features/payments/payment-gateway.ts';
import { dateIn } from '#lib/dates.ts';
import { type Books, given, news, start } from './given.ts';
import { makings } from './mails.ts';
import { liveBooks } from './messenger.ts';

export const plainTerms: AutopayTerms = {
  chargeWhen: 'created',
  threshold: null,
  maximum: null,
  noticeDays: 0,
};

/** The afternoon of a day of March 2026 where the organization is. */
export const march = (day: number): Date => new Date(Date.UTC(2026, 2, day, 16));

export type AutopayHouse = { books: Books; customerId: string; methodId: string };

/** A customer whose stored method autopay charges, in books whose messages go out by themselves. */
export async function autopayHouse(
  terms: Partial<AutopayTerms> = {},
  method?: MethodDetails,
): Promise<AutopayHouse> {
  const books = await liveBooks();
  const customerId = await given.customer(books, { email: 'payer@example.com', firstName: 'Ana' });
  const methodId = await given.storedMethod(books, customerId, method);
  await switchOn(books, { customerId, methodId, terms });
  return { books, customerId, methodId };
}

export const switchOn = (
  books: Books,
  one: { customerId: string; methodId: string; terms?: Partial<AutopayTerms>; now?: Date },
): Promise<void> =>
  books.tx((tx) =>
    setAutopay(
      tx,
      books.actor,
      {
        organizationId: books.organizationId,
        customerId: one.customerId,
        paymentMethodId: one.methodId,
        terms: { ...plainTerms, ...one.terms },
        agreed: { by: 'payer', name: 'Ana', origin: { ip: '127.0.0.1', userAgent: 'test' } },
      },
      one.now ?? start,
    ),
  );

/** The part of a day, without the record of what is done: as a doubled scheduler would work it. */
export const workAutopayAt = (books: Books, now: Date): Promise<void> =>
  workAutopay(
    { ...makings, db: books.db },
    { organizationId: books.organizationId, now, today: dateIn('America/New_York', now) },
  );

export type Charged = {
  id: string;
  amount: bigint;
  state: string;
  customerId: string;
  memo: string | null;
  paymentMethodId: string;
  invoices: string[];
};

/** What autopay has charged, in order. */
export const chargesOf = (books: Books): Promise<Charged[]> =>
  books.tx((tx) =>
    tx.rows<Charged>(sql`
      select p.id, p.amount, p.state, p.customer_id, p.memo, p.payment_method_id,
        array(select a.invoice_id::text from payment_applications a where a.organization_id = p.organization_id
          and a.payment_id = p.id order by a.invoice_id) as invoices
      from payments p where p.organization_id = ${books.organizationId} and p.source = 'autopay' order by p.id`),
  );

/** The gateway says so of a charge on a day, and autopay hears of it. */
export async function answer(
  books: Books,
  paymentId: string,
  said: { now: Date; outcomes: Exclude<GatewayOutcome, { outcome: 'absent' }>[] },
): Promise<void> {
  const { organizationId, actor } = books;
  await given.outcome({ ...books, now: said.now }, paymentId, ...said.outcomes);
  const news = { ...makings, organizationId, paymentId, today: dateIn('America/New_York', said.now) };
  await books.tx((tx) => hearOutcome(tx, actor, news, said.now));
}

export type AutopayState = { endedWhy: string | null; paymentMethodId: string; authorizationId: string };
export const stateOf = async (books: Books, customerId: string): Promise<AutopayState> => {
  const row = await books.tx((tx) =>
    tx.row<AutopayState>(sql`select ended_why, payment_method_id, authorization_id from autopays
      where organization_id = ${books.organizationId} and customer_id = ${customerId}`),
  );
  if (!row) throw new Error('no autopay');
  return row;
};

/** A customer with autopay by day of due dates: one charge that was declined, and one that is to come. */
export async function autopayOf(books: Books): Promise<{ autopayCustomer: string; autopayInvoice: string }> {
  const customerId = await given.customer(books, {
    displayName: 'Harbor Studio',
    email: 'pay@harbor.example',
  });
  const methodId = await given.storedMethod(books, customerId);
  const now = new Date();
  const terms = { chargeWhen: 'due_date', maximum: 500_000n, noticeDays: 3 } as const;
  await switchOn(books, { customerId, methodId, terms: { ...terms, noticeDays: 0 }, now: start });
  const present = { ...books, now };
  const [past, coming] = [
    dateIn('America/New_York', new Date(now.getTime() - 3 * day_ms)),
    dateIn('America/New_York', new Date(now.getTime() + 20 * day_ms)),
  ];
  await given.invoice(present, customerId, 42_000n, { invoiceDate: past, dueDate: past });
  const autopayInvoice = await given.invoice(present, customerId, 18_500n, { dueDate: coming });
  const goLive = (since: Date | null) =>
    books.tx((tx) =>
      tx.run(
        sql`update organizations set automatic_messages_since = ${since} where id = ${books.organizationId}`,
      ),
    );
  await goLive(start);
  await workAutopayAt(books, now);
  await goLive(null);
  const charges = await chargesOf(books);
  for (const { id } of charges.filter((each) => each.customerId === customerId))
    await answer(books, id, { now, outcomes: [news('declined')] });
  await switchOn(books, { customerId, methodId, terms, now });
  return { autopayCustomer: customerId, autopayInvoice };
}

const day_ms = 86_400_000;
