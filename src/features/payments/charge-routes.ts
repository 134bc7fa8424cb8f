import type { Actor } from '#db/db.ts';
import * as api from '#features/payments/charges/api.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import { heldConsent } from '#features/payments/held-consents.ts';
import type { PaymentDoors } from '#features/payments/post-batcher.ts';
import { type MethodChoice, prepareCharge, prepareChargeOnce } from '#features/payments/prepare-charge.ts';
import { feeAsTold, priceNewCharge } from '#features/payments/price-new-charge.ts';
import type { App, Caller } from '#http/app.ts';
import { serveJourney } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';

type Staff = Extract<Actor, { kind: 'user' | 'api_key' }>;
const staffOf = (caller: Caller): Staff => caller.actor as Staff;

type Deps = { doors: PaymentDoors; gateways: Pick<Gateways, 'open'> };

/** A charge, and what it would cost before it is asked for. */
export function chargeRoutes(app: App, deps: Deps): void {
  priceRoute(app, deps);
  takeRoute(app, deps);
}

function priceRoute(app: App, { gateways }: Deps): void {
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
      { db: app.db, gateways },
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
}

function takeRoute(app: App, { doors, gateways }: Deps): void {
  serveJourney(app, api.createCharge, async ({ caller, body, origin, idempotencyKey }) => {
    const { organization, now } = caller;
    const actor = staffOf(caller);
    const today = dateIn(organization.timeZone, now);
    const choice = choiceOf(body);
    const requestKey = idempotencyKey ?? newId('request');
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
      { db: app.db, gateways },
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
