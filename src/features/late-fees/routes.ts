import * as api from '#features/late-fees/api.ts';
import { forecastLateFees } from '#features/late-fees/forecast-late-fees.ts';
import { addCeiling, removeCeiling } from '#features/late-fees/own-ceilings.ts';
import { presentCeiling, presentForecast, presentLateFee } from '#features/late-fees/present.ts';
import {
  currentPolicy,
  lateFeesOfInvoice,
  listLateFees,
  readCeilings,
  readLateFee,
} from '#features/late-fees/queries.ts';
import { removeLateFee } from '#features/late-fees/remove-late-fee.ts';
import { setLateFeePolicy } from '#features/late-fees/set-late-fee-policy.ts';
import { setNextWaiver } from '#features/late-fees/set-next-waiver.ts';
import { waiveLateFee } from '#features/late-fees/waive-late-fee.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { addDays, dateIn } from '#lib/dates.ts';

/** Late fees: their terms, what was posted, what will be, and what is let off. */
export function lateFeeRoutes(app: App): void {
  serve(app, api.getLateFeePolicy, async ({ tx, organization, now }) => {
    const today = dateIn(organization.timeZone, now);
    return {
      object: 'late_fee_policy' as const,
      policy: await currentPolicy(tx, organization.id, today),
      ceilings: (await readCeilings(tx, organization.id, today)).map(presentCeiling),
    };
  });
  serve(app, api.setLateFeePolicy, async ({ tx, actor, organization, now, body }) => {
    const policy = camel(body);
    await setLateFeePolicy(tx, actor, { organizationId: organization.id, policy }, now);
    return currentPolicy(tx, organization.id, dateIn(organization.timeZone, now));
  });
  serve(app, api.addLateFeeCeiling, async ({ tx, actor, organization, now, body }) => {
    const ceiling = {
      ...camel(body),
      currency: body.basis === 'fixed_amount' ? organization.currency : null,
    };
    return presentCeiling(await addCeiling(tx, actor, { organizationId: organization.id, ceiling }, now));
  });
  serve(app, api.removeLateFeeCeiling, async ({ tx, actor, organization, now, params }) => {
    await removeCeiling(tx, actor, { organizationId: organization.id, ceilingId: params.id }, now);
    return { object: 'late_fee_ceiling' as const, id: params.id, removed: true as const };
  });
  serve(app, api.listLateFees, async ({ tx, organization, query }) => {
    const { rows, hasMore } = await listLateFees(tx, organization.id, camel(query));
    return { object: 'list' as const, data: rows.map(presentLateFee), has_more: hasMore };
  });
  serve(app, api.forecastLateFees, async ({ tx, organization, now, query }) => {
    const on = query.on ?? addDays(dateIn(organization.timeZone, now), 1);
    return presentForecast(await forecastLateFees(tx, organization.id, on, 200), on, organization.currency);
  });
  invoiceRoutes(app);
}

function invoiceRoutes(app: App): void {
  serve(app, api.getInvoiceLateFees, ({ tx, organization, now, params }) =>
    lateFeesOfInvoice(tx, organization.id, params.id, dateIn(organization.timeZone, now)),
  );
  serve(app, api.waiveLateFee, async ({ tx, actor, organization, now, params, body }) => {
    const at = { organizationId: organization.id, invoiceId: params.id };
    await waiveLateFee(tx, actor, { ...at, ...body }, now);
    return lateFeesOfInvoice(tx, organization.id, params.id, dateIn(organization.timeZone, now));
  });
  serve(app, api.removeLateFee, async ({ tx, actor, organization, now, params, body }) => {
    const at = { organizationId: organization.id, lateFeeId: params.id };
    await removeLateFee(tx, actor, { ...at, reason: body.reason }, now);
    return readLateFee(tx, organization.id, params.id);
  });
  serve(app, api.waiveNextLateFee, async ({ tx, actor, organization, now, params, body }) => {
    const at = { organizationId: organization.id, customerId: params.id };
    await setNextWaiver(tx, actor, { ...at, waives: body.waive }, now);
    return { object: 'late_fee_waiver' as const, waive: body.waive };
  });
}
