import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import * as api from '#features/payments/api.ts';
import { applyRoutes } from '#features/payments/apply-routes.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { heldConsent } from '#features/payments/held-consents.ts';
import type { PaymentDoors } from '#features/payments/post-batcher.ts';
import { type MethodChoice, prepareCharge, prepareChargeOnce } from '#features/payments/prepare-charge.ts';
import { feeAsTold, priceNewCharge } from '#features/payments/price-new-charge.ts';
import { presentMethod, readMethods } from '#features/payments/queries.ts';
import { receiptRoutes } from '#features/payments/receipt-routes.ts';
import { getPayment } from '#features/payments/report-queries.ts';
import { reportRoutes } from '#features/payments/report-routes.ts';
import type { App, Caller } from '#http/app.ts';
import { serve, serveJourney } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

type Staff = Extract<Actor, { kind: 'user' | 'api_key' }>;
const staffOf = (caller: Caller): Staff => caller.actor as Staff;
const keyOf = (given: string | undefined): string => given ?? newId('request');

type Deps = { doors: PaymentDoors; outbox: Outbox; gateways: Pick<Gateways, 'open'> };

export function paymentRoutes(app: App, deps: Deps): void {
  reportRoutes(app);
  serve(app, api.getPayment, ({ tx, organization, params }) => getPayment(tx, organization.id, params.id));
  serve(app, api.listPaymentMethods, async ({ tx, organization, now, query }) => {
    await refuseStranger(tx, organization.id, query.customer_id);
    const today = dateIn(organization.timeZone, now);
    const methods = await readMethods(tx, organization.id, query.customer_id);
    return {
      object: 'list' as const,
      data: methods.map((row) => presentMethod(row, today)),
      has_more: false,
    };
  });
  takingRoutes(app, deps.doors);
  chargeRoutes(app, deps);
  applyRoutes(app);
  receiptRoutes(app, deps);
}

/** Taking money. The two are batched with others that arrive meanwhile, so their key is the payment's own. */
function takingRoutes(app: App, doors: PaymentDoors): void {
  serveJourney(app, api.recordPayment, async ({ caller, body, idempotencyKey }) => {
    const { organization, now } = caller;
    const actor = staffOf(caller);
    const { applications, received_on, ...rest } = body;
    const { paymentId } = await doors.record(
      actor,
      {
        ...camel(rest),
        requestKey: keyOf(idempotencyKey),
        source: actor.kind === 'user' ? 'staff' : 'api',
        currency: organization.currency,
        receivedOn: received_on ?? dateIn(organization.timeZone, now),
        applications: applications.map(camel),
      },
      now,
    );
    return doors.read(actor, paymentId);
  });
}

/** A charge, and what it would cost before it is asked for. */
function chargeRoutes(app: App, { doors, gateways }: Deps): void {
  const deps = { db: app.db, gateways };
  serveJourney(app, api.priceCharge, async ({ caller, body }) => {
    const { organization, now } = caller;
    const actor = staffOf(caller);
    const today = dateIn(organization.timeZone, now);
    const at = { organizationId: organization.id, customerId: body.customer_id, today };
    const prepared = await app.db.transaction(actor, (tx) =>
      prepareCharge(tx, { ...at, choice: choiceOf(body) }),
    );
    const source = body.source ?? sourceOf(actor);
    const charge = { ...at, prepared, base: body.amount, currency: organization.currency, source };
    const { price } = await priceNewCharge(
      deps,
      actor,
      { ...charge, parts: body.applications.map(camel) },
      now,
    );
    const fee = price.paidOnTop?.amount ?? 0n;
    return {
      object: 'charge_price' as const,
      fee,
      fee_kind: price.paidOnTop?.kind ?? null,
      label: price.label,
      percent: price.percent,
      total: body.amount + fee,
      funding: price.funding,
      none: price.why ?? null,
    };
  });
  serveJourney(app, api.createCharge, async ({ caller, body, origin, idempotencyKey }) => {
    const { organization, now } = caller;
    const actor = staffOf(caller);
    const today = dateIn(organization.timeZone, now);
    const choice = choiceOf(body);
    const requestKey = keyOf(idempotencyKey);
    const organizationId = organization.id;
    const [prepared, consents] = await app.db.transaction(actor, async (tx) => [
      await prepareChargeOnce(tx, {
        organizationId,
        customerId: body.customer_id,
        choice,
        today,
        requestKey,
      }),
      body.keep || body.authorization
        ? [await heldConsent(tx, actor, { organizationId, kind: body.kind, origin })]
        : [],
    ]);
    const source = body.source ?? sourceOf(actor);
    const about = { organizationId, customerId: body.customer_id, currency: organization.currency, today };
    const parts = body.applications.map(camel);
    const fee = await feeAsTold(
      deps,
      actor,
      { ...about, prepared, base: body.amount, parts, source, told: body.fee, requestKey },
      now,
    );
    const { paymentId } = await doors.charge(
      actor,
      {
        ...prepared,
        ...fee,
        consents,
        requestKey,
        customerId: body.customer_id,
        source,
        amount: body.amount + (fee.paidOnTop?.amount ?? 0n),
        currency: organization.currency,
        receivedOn: today,
        sendReceipt: body.send_receipt,
        memo: body.memo,
        applications: body.applications.map(camel),
      },
      now,
    );
    return doors.read(actor, paymentId);
  });
}

const sourceOf = (actor: Staff) => (actor.kind === 'user' ? ('staff' as const) : ('api' as const));

type Chosen = {
  token?: string | undefined;
  kind: 'card' | 'bank_account';
  keep?: boolean;
  payment_method_id?: string | undefined;
};
const choiceOf = ({ token, kind, keep = false, payment_method_id: id }: Chosen): MethodChoice =>
  token ? { kind, token, store: keep } : { paymentMethodId: id ?? '' };

async function refuseStranger(tx: Tx, organizationId: string, customerId: string): Promise<void> {
  const known = await tx.row(
    sql`select 1 as known from customers where organization_id = ${organizationId} and id = ${customerId}`,
  );
  if (!known) throw notFound('customer', customerId);
}
