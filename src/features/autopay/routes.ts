import * as api from '#features/autopay/api.ts';
import { listComingCharges } from '#features/autopay/list-coming-charges.ts';
import { listDeclines } from '#features/autopay/list-declines.ts';
import { autopayOf, presentAutopay, presentDecline, presentForecast } from '#features/autopay/present.ts';
import { forecastOf, listAutopays } from '#features/autopay/queries.ts';
import { readChargeLimits } from '#features/autopay/read-charge-limits.ts';
import { setAutopay } from '#features/autopay/set-autopay.ts';
import { stopAutopay } from '#features/autopay/stop-autopay.ts';
import { readInvoice } from '#features/invoices/queries.ts';
import { heldBy } from '#features/payments/held-consents.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';

/** Autopay for staff and API keys: a customer's, the list of them, and what did not go through. */
export function autopayRoutes(app: App): void {
  const dayOf = ({ organization, now }: { organization: { timeZone: string }; now: Date }) => ({
    today: dateIn(organization.timeZone, now),
    now,
  });
  serve(app, api.getAutopay, (call) => autopayOf(call.tx, call.organization.id, call.params.id, dayOf(call)));
  serve(app, api.setAutopay, async (call) => {
    const { tx, actor, organization, now, params, body, origin } = call;
    const { payment_method_id: paymentMethodId, charge_when, threshold, maximum_amount, notice_days } = body;
    await setAutopay(
      tx,
      actor,
      {
        organizationId: organization.id,
        customerId: params.id,
        paymentMethodId,
        terms: { chargeWhen: charge_when, threshold, maximum: maximum_amount, noticeDays: notice_days },
        agreed: { by: 'staff', name: await heldBy(tx, actor), origin },
      },
      now,
    );
    return autopayOf(tx, organization.id, params.id, dayOf(call));
  });
  serve(app, api.stopAutopay, async (call) => {
    const { tx, actor, organization, now, params } = call;
    const customerId = params.id;
    const before = await autopayOf(tx, organization.id, customerId, dayOf(call));
    if (before.state === 'on')
      await stopAutopay(
        tx,
        actor,
        { organizationId: organization.id, of: { customerId }, why: 'by_staff' },
        now,
      );
    return autopayOf(tx, organization.id, customerId, dayOf(call));
  });
  serve(app, api.listAutopays, async (call) => {
    const { rows, hasMore } = await listAutopays(
      call.tx,
      call.organization.id,
      camel(call.query),
      dayOf(call),
    );
    return { object: 'list' as const, data: rows.map(presentAutopay), has_more: hasMore };
  });
  serve(app, api.listComingCharges, (call) =>
    listComingCharges(call.tx, call.organization.id, camel(call.query), dayOf(call)),
  );
  serve(app, api.listAutopayDeclines, async (call) => {
    const { tx, organization, query } = call;
    const { rows, hasMore } = await listDeclines(tx, organization.id, camel(query), dayOf(call).today);
    return { object: 'list' as const, data: rows.map(presentDecline), has_more: hasMore };
  });
  serve(app, api.listChargeLimits, async ({ tx, organization, now }) => ({
    object: 'charge_limits' as const,
    limits: await readChargeLimits(tx, dateIn(organization.timeZone, now)),
  }));
  serve(app, api.getInvoiceAutopay, async (call) => {
    const { tx, organization, params } = call;
    await readInvoice(tx, organization.id, params.id);
    const forecasts = await forecastOf(tx, organization.id, [params.id], dayOf(call));
    return presentForecast(tx, organization.id, forecasts.get(params.id));
  });
}
