import { sql } from 'kysely';
import { tellChanged } from '#features/autopay/tell-changed.ts';
import type { PlanNews } from '#features/correspondence/message-kind-rules.ts';
import { tellExpiries } from '#features/payment-methods/sweep-expiries.ts';
import { tellPlan } from '#features/payment-plans/tell-plan.ts';
import { tellUpcoming } from '#features/payment-plans/tell-upcoming.ts';
import { updateSchedule } from '#features/schedules/update-schedule.ts';
import { newId } from '#lib/ids.ts';
import { autopayHouse, march, switchOn, workAutopayAt } from './autopay.ts';
import { type Books, bankAccount, given } from './given.ts';
import { makings, setOrganization } from './mails.ts';
import { furnish } from './mails-of-money.ts';
import { day, planHouse, running } from './plans.ts';
import { workOff } from './portal.ts';
import { failed, noon, paymentSchedule, paymentsOf, schedule, workSchedules } from './schedules.ts';

/** Told of what is charged, asked about what is too much, and of autopay that began and that ended. */
export async function mailsOfAutopay(): Promise<Books[]> {
  const { books, customerId, methodId } = await autopayHouse({ maximum: 50_000n }, bankAccount);
  await furnish(books);
  await setOrganization(books, sql`automatic_messages_since = '2020-01-01'`);
  const about = { ...makings, organizationId: books.organizationId, customerId, today: '2026-03-02' };
  const tell = () => books.tx((tx) => tellChanged(tx, books.actor, about, march(2)));
  await tell();
  await given.invoice(books, customerId, 60_000n, { number: 'F-1021' });
  await workAutopayAt(books, march(2));
  const noticed = { chargeWhen: 'due_date', maximum: 90_000n, noticeDays: 3 } as const;
  await switchOn(books, { customerId, methodId, terms: noticed, now: march(2) });
  await given.invoice(books, customerId, 32_150n, { number: 'F-1022', dueDate: '2026-03-13' });
  for (let at = 3; at <= 13; at += 1) await workAutopayAt(books, march(at));
  await books.tx((tx) =>
    tx.run(sql`update autopays set ended_at = ${march(14)}, ended_why = 'card_expired'
      where organization_id = ${books.organizationId} and customer_id = ${customerId}`),
  );
  await tell();
  return [books];
}

/** A card that ends soon and one that has ended. */
export async function mailsOfCards(): Promise<Books> {
  const books = await given.organization();
  await furnish(books);
  for (const ends of [sql`current_date`, sql`current_date - interval '2 months'`]) {
    const customerId = await given.customer(books, { email: 'ana@example.com' });
    const id = await given.storedMethod(books, customerId, { kind: 'card', brand: 'amex', last4: '0005' });
    await books.tx((tx) =>
      tx.run(sql`update payment_methods set expiry_year = extract(year from ${ends}), expiry_month = extract(month from ${ends})
        where organization_id = ${books.organizationId} and id = ${id}`),
    );
  }
  await tellExpiries({ db: books.db, outbox: makings.outbox }, books.organizationId);
  return books;
}

/** Agreed to, changed, and paused by itself. */
export async function mailsOfSchedules(): Promise<Books> {
  const books = await given.organization();
  await furnish(books);
  const customerId = await given.customer(books, { email: 'ana@example.com', displayName: 'Ana & Co' });
  const methodId = await given.storedMethod(books, customerId);
  const scheduleId = await schedule(books, paymentSchedule(customerId, methodId));
  const hear = async (...jobs: string[]) => {
    for (const name of ['react', ...jobs]) await workOff(name, books.organizationId);
  };
  await hear('tell-schedule-agreed');
  await books.tx((tx) =>
    updateSchedule(
      tx,
      books.actor,
      {
        ...{ organizationId: books.organizationId, scheduleId, changes: { amount: 4_000n } },
        agreement: { by: 'held', origin: { ip: '203.0.113.7', userAgent: 'test' } },
      },
      noon('2026-03-05'),
    ),
  );
  await hear('tell-schedule-changed');
  await workSchedules(books, '2026-03-31');
  const [payment] = await paymentsOf(books, customerId);
  const expired = { outcome: 'declined', code: 'expired_card', message: 'Expired.' } as const;
  const paymentId = payment?.id ?? '';
  await given.outcome({ ...books, now: noon('2026-03-31') }, paymentId, expired);
  await failed(books, paymentId, '2026-03-31');
  await hear('tell-schedule-news');
  return books;
}

const told: Record<PlanNews | 'plan_withdrawn', string> = {
  plan_requested: '',
  plan_offered: '',
  plan_activated: '',
  plan_down_payment_failed: 'The card was declined: insufficient funds.',
  plan_rejected: 'Please pay at least half of it first.',
  plan_withdrawn: 'The customer took it back.',
  plan_cancelled: 'You asked us to stop it.',
  plan_defaulted: '',
  plan_completed: '',
  plan_rise_asked: '',
  plan_rise_agreed: '',
  plan_method_changed: '',
  plan_installment_moved: '',
  plan_installment_passed_over: '',
  plan_installment_failed: '',
};

/** A plan over two invoices, at each of its news. */
export async function mailsOfPlans(): Promise<Books[]> {
  const house = await planHouse([40_000n, 85_000n]);
  const { books } = house;
  await furnish(books);
  const planId = await running(house, { downPayment: 25_000n });
  const { organizationId } = books;
  for (const [kind, reason] of Object.entries(told)) {
    await books.tx((tx) =>
      tx.run(sql`update payment_plans set reason = ${reason},
        asked_rise = ${kind === 'plan_rise_asked' ? 6_000n : 0n}
        where organization_id = ${organizationId} and id = ${planId}`),
    );
    const type = kind.replace('plan_', 'payment_plan.');
    const about = { ...makings, organizationId, planId, type, eventId: newId('event') };
    await books.tx((tx) => tellPlan(tx, books.actor, about, books.now));
  }
  const upcoming = await planHouse([40_000n]);
  await furnish(upcoming.books);
  await running(upcoming);
  await tellUpcoming(
    { db: books.db, outbox: makings.outbox },
    { organizationId: upcoming.books.organizationId, today: '2026-03-31', now: day('2026-03-31') },
  );
  return [books, upcoming.books];
}
