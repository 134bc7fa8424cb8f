import { sql } from 'kysely';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import type { World } from './world.ts';

export type PaymentRow = {
  id: string;
  customerId: string;
  requestKey: string;
  kind: string;
  source: string;
  state: string;
  amount: bigint;
  fee: bigint;
  feeKind: string | null;
  receivedOn: string;
  paymentMethodId: string | null;
  authorizationId: string | null;
  requestedAt: Date;
  submittedAt: Date | null;
  returnCode: string | null;
  endedAt: Date | null;
  invoices: { id: string; amount: string }[];
};

export const chargesOf = ({ books }: World): Promise<PaymentRow[]> =>
  books.tx((tx) =>
    tx.rows<PaymentRow>(sql`select p.id, p.customer_id, p.request_key, p.kind, p.source, p.state, p.amount, p.fee,
      p.fee_kind, p.received_on, p.payment_method_id, p.authorization_id, p.requested_at, p.submitted_at, p.return_code, p.ended_at,
      coalesce((select json_agg(json_build_object('id', a.invoice_id, 'amount', a.amount::text) order by a.invoice_id)
        from payment_applications a where a.organization_id = p.organization_id and a.payment_id = p.id
          and a.created_at = p.requested_at), '[]') as invoices
      from payments p where p.organization_id = ${books.organizationId} and p.gateway_account_id is not null
      order by p.requested_at, p.id`),
  );

type Fail = (what: string) => never;
const minute_ms = 60_000;

/** Promises 3 and 8 by two sets of books, ours and the gateway's, and by what people and banks did. */
export async function auditCharges(world: World, fail: Fail): Promise<PaymentRow[]> {
  const { gateway } = world;
  const charges = await chargesOf(world);
  for (const fault of gateway.faults) fail(`at the gateway: ${fault}`);
  const byId = new Map(charges.map((each) => [each.id, each]));
  if (new Set(charges.map(({ requestKey }) => requestKey)).size !== charges.length)
    fail('one key asked for two charges');
  for (const [id, booked] of gateway.charges) {
    const ours = byId.get(id);
    if (!ours) return fail(`the gateway charged ${id}, which is not in our books`);
    if (ours.amount !== booked.amount) fail(`${id} is ${ours.amount} here and ${booked.amount} there`);
  }
  await auditMethods(world, charges, fail);
  auditSubmissions(world, charges, fail);
  return charges;
}

/** A call leaves only on a method that stands: not removed, not blocked, in date, signed for. */
async function auditMethods(world: World, charges: readonly PaymentRow[], fail: Fail): Promise<void> {
  const { books, gateway, methods } = world;
  const blocked = await books.tx((tx) =>
    tx.rows<{ id: string; at: Date }>(sql`select subject_id as id, min(occurred_at) as at from events
      where organization_id = ${books.organizationId} and type = 'payment_method.blocked' group by subject_id`),
  );
  const zone = world.times.zone;
  for (const call of gateway.calls) {
    const payment = charges.find(({ id }) => id === call.paymentId);
    const method = methods.find(({ token }) => token === call.token);
    if (!payment || !method)
      return fail(`a call for ${call.paymentId} on ${call.token}, which nobody stored`);
    const what = `${payment.source} charged ${method.token}`;
    const at = call.at.getTime();
    if (method.removedAt && at > method.removedAt.getTime() + minute_ms) fail(`${what}, which was removed`);
    const block = blocked.find(({ id }) => id === method.id);
    if (block && at > block.at.getTime() + minute_ms)
      fail(`${what}, which was blocked on ${block.at.toISOString()}`);
    const asked = payment.requestedAt;
    if (method.lastDay && payment.receivedOn > method.lastDay)
      fail(`${what} on ${payment.receivedOn}, which ended on ${method.lastDay} (${zone})`);
    if (method.kind === 'bank_account' && !(method.signedAt && method.signedAt <= asked))
      fail(`${what}, which nobody has signed for`);
    if (method.kind !== payment.kind) fail(`${what} as ${payment.kind}`);
  }
}

const day_ms = 86_400_000;

/**
 * Never a fourth debit of an account for an invoice in 180 days, when none of them was paid. Parts of it that
 * are under way at once are debits of their own until one of them comes back.
 */
function auditSubmissions({ gateway }: World, charges: readonly PaymentRow[], fail: Fail): void {
  const series = new Map<string, PaymentRow[]>();
  for (const charge of charges) {
    if (charge.kind !== 'bank_account' || !gateway.charges.has(charge.id)) continue;
    for (const { id } of charge.invoices) {
      const key = `${charge.paymentMethodId} ${id}`;
      series.set(key, [...(series.get(key) ?? []), charge]);
    }
  }
  for (const [key, debits] of series) {
    const unpaid = debits.filter(({ state }) => !['settled', 'declined', 'voided'].includes(state));
    for (const last of unpaid) {
      const within = unpaid.filter(
        ({ requestedAt }) =>
          requestedAt <= last.requestedAt &&
          last.requestedAt.getTime() - requestedAt.getTime() < 180 * day_ms,
      );
      const hasFailed = within.some(({ endedAt }) => endedAt !== null && endedAt < last.requestedAt);
      if (hasFailed && within.length > 3)
        fail(`${key}: ${within.length} debits in 180 days, and none was paid`);
    }
  }
}

/** At the end, when all is known: each charge is at the gateway as it is here, and the books are in order. */
export async function auditEnd(world: World, fail: Fail): Promise<void> {
  const { gateway, books } = world;
  const charges = await auditCharges(world, fail);
  for (const { id, state } of charges) {
    const there = gateway.stateOf(id);
    const neverLeft = !there && state === 'declined';
    if (!neverLeft && there !== state)
      fail(`${id} is ${state} here and ${there ?? 'unheard of'} at the gateway`);
  }
  const { problems } = await checkLedger(books.db, books.organizationId);
  if (problems.length > 0) fail(`owed check: ${problems.join('; ')}`);
}
