import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { type ChargePrice, priceCharges } from '#features/card-fees/price-charge.ts';
import type { Verdict } from '#features/payments/decide-batch.ts';
import { findEarlier } from '#features/payments/find-earlier.ts';
import { type ChargeAsk, requestCharges, type StandingSource } from '#features/payments/request-charges.ts';
import type { Application } from '#features/payments/rules.ts';
import { type StoredMethod, type Unusable, whyUnusable } from '#features/standing-charges/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

/** A charge of a stored method that nobody presses a button for. */
export type StandingCharge = {
  /** One for each effect, for ever: `autopay:<run>`, `schedule:<id>:<day>`, `installment:<id>:<try>`. */
  requestKey: string;
  customerId: string;
  paymentMethodId: string;
  /** Whose method it is, where the parent pays what its child owes. */
  methodOwnerId?: string | undefined;
  source: StandingSource;
  /** Without a fee: what invoices and unapplied cash get. */
  amount: bigint;
  currency: string;
  applications: readonly Application[];
  authorizationId?: string | undefined;
  /** The key of the try before this one: what its payer was charged then is not raised. */
  retryOf?: string | undefined;
  memo?: string | undefined;
  sendReceipt: boolean;
};

export type StandingVerdict = Verdict | (Extract<Verdict, { ok: false }> & { unusable: Unusable });

/**
 * Ask for charges of stored methods, a batch at a time: pending payments and their jobs; nothing leaves here.
 * One verdict each, in order. A key that has its payment already is answered by it, whatever has become of
 * the method.
 */
export async function chargeStored(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; charges: readonly StandingCharge[]; today: CalendarDate },
  now: Date,
): Promise<StandingVerdict[]> {
  const { organizationId, charges, today } = input;
  const methods = await readMethods(
    tx,
    organizationId,
    charges.map(({ paymentMethodId }) => paymentMethodId),
  );
  const earlier = await findEarlier(
    tx,
    organizationId,
    charges.map(({ requestKey }) => requestKey),
  );
  const made = new Set(earlier.map(({ requestKey }) => requestKey));
  const decided = charges.map(
    (charge): { ask: ChargeAsk; method: StoredMethod } | { refused: StandingVerdict } => {
      const method = methods.get(charge.paymentMethodId);
      const unusable = whyUnusable(method, charge.methodOwnerId ?? charge.customerId, today);
      if (!method || (unusable && !made.has(charge.requestKey)))
        return { refused: refusedBy(unusable ?? 'method_gone') };
      return { ask: askFor(charge, method, today), method };
    },
  );
  const asks = await withFees(
    tx,
    organizationId,
    decided.flatMap((each) => ('ask' in each ? [each] : [])),
    today,
  );
  const verdicts = await requestCharges(tx, actor, { organizationId, charges: asks }, now);
  return decided.map((each) => ('ask' in each ? (verdicts.shift() as Verdict) : each.refused));
}

const askFor = (charge: StandingCharge, method: StoredMethod, today: CalendarDate): ChargeAsk => ({
  ...charge,
  kind: method.kind,
  gatewayAccountId: method.gatewayAccountId,
  gatewaySource: { kind: 'stored', token: method.storedToken },
  receivedOn: today,
});

/** A card fee goes on top where the payer's agreement to the charge includes it; a discount comes off. */
async function withFees(
  tx: Tx,
  organizationId: string,
  asked: readonly { ask: ChargeAsk; method: StoredMethod }[],
  today: CalendarDate,
): Promise<ChargeAsk[]> {
  const prices = await priceCharges(tx, {
    organizationId,
    today,
    charges: asked.map(({ ask, method }) => ({
      ...ask,
      base: ask.amount,
      funding: method.funding,
      brand: method.brand,
      parts: ask.applications,
    })),
  });
  return asked.map(({ ask }, at) => withFee(ask, prices[at]));
}

function withFee(ask: ChargeAsk, price: ChargePrice | undefined): ChargeAsk {
  const fee = price?.paidOnTop;
  if (!fee) return ask;
  const paidOnTop = price?.agreedAt ? { ...fee, disclosedAt: price.agreedAt } : fee;
  return { ...ask, amount: ask.amount + fee.amount, paidOnTop };
}

const words: Record<Unusable, string> = {
  method_gone: 'The payment method has been removed.',
  method_expired: 'The card has expired.',
  needs_authorization: 'The owner of the bank account has not signed yet.',
  method_blocked: 'The bank returned a debit of this account, which blocked it.',
  kind_barred: 'This customer does not pay in this way any more.',
};

const refusedBy = (unusable: Unusable): StandingVerdict => ({
  ok: false,
  code: 'state_refused',
  param: 'payment_method_id',
  reason: words[unusable],
  unusable,
});

async function readMethods(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, StoredMethod>> {
  const rows = await tx.rows<StoredMethod>(sql`
    select m.id, m.customer_id, m.kind, m.funding, m.brand, m.state, m.expiry_year, m.expiry_month, m.stored_token, m.gateway_account_id,
      case m.kind when 'card' then c.allow_card when 'bank_account' then c.allow_bank_account else c.allow_paypal end
        as is_allowed
    from payment_methods m join customers c on c.organization_id = m.organization_id and c.id = m.customer_id
    where m.organization_id = ${organizationId} and m.id = any(${[...new Set(ids)]}::text[])`);
  return new Map(rows.map((row) => [row.id, row]));
}
