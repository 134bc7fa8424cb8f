import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import * as api from '#features/payments/api.ts';
import { applyRoutes } from '#features/payments/apply-routes.ts';
import { chargeRoutes } from '#features/payments/charge-routes.ts';
import type { Gateways } from '#features/payments/gateways.ts';
import type { PaymentDoors } from '#features/payments/post-batcher.ts';
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

async function refuseStranger(tx: Tx, organizationId: string, customerId: string): Promise<void> {
  const known = await tx.row(
    sql`select 1 as known from customers where organization_id = ${organizationId} and id = ${customerId}`,
  );
  if (!known) throw notFound('customer', customerId);
}
