import type { Outbox } from '#features/correspondence/outbox.ts';
import { answerEstimate } from '#features/estimates/answer-estimate.ts';
import * as api from '#features/estimates/api.ts';
import { billDeposit } from '#features/estimates/bill-deposit.ts';
import { billEstimate } from '#features/estimates/bill-estimate.ts';
import { createEstimate } from '#features/estimates/create-estimate.ts';
import { estimateFile, previewEstimate } from '#features/estimates/estimate-document.ts';
import { getEstimate, listEstimates, readEstimateOfInvoice } from '#features/estimates/queries.ts';
import { sendEstimate } from '#features/estimates/send-estimate.ts';
import { updateEstimate } from '#features/estimates/update-estimate.ts';
import { readInvoice } from '#features/invoices/queries.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveFile, serveMadeFile } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { parseDecimal } from '#lib/money.ts';

type At = Parameters<typeof getEstimate>[0];
type Context = { tx: At; organization: { id: string; timeZone: string }; now: Date };

/** As staff writes, sends and bills them; what customers see is in portal-access/estimate-routes.ts. */
export function estimateRoutes(app: App, { outbox }: { outbox: Outbox }): void {
  const { secrets } = app;
  const one = ({ tx, organization, now }: Context, id: string) =>
    getEstimate(tx, organization.id, id, {
      secrets,
      baseUrl: outbox.baseUrl,
      today: dateIn(organization.timeZone, now),
    });
  serve(app, api.listEstimates, ({ tx, organization, now, query }) =>
    listEstimates(tx, organization.id, dateIn(organization.timeZone, now), camel(query)),
  );
  serve(app, api.getEstimate, (context) => one(context, context.params.id));
  serve(app, api.createEstimate, async (context) => {
    const { tx, actor, organization, now, body } = context;
    const estimate = { ...camel(body), lines: body.lines.map(camel) };
    const made = await createEstimate(tx, actor, { organizationId: organization.id, estimate }, now);
    return one(context, made.estimateId);
  });
  serveMadeFile(app, api.previewEstimate, ({ caller, body }) =>
    previewEstimate(app, caller, { ...camel(body), lines: body.lines.map(camel) }),
  );
  serve(app, api.updateEstimate, async (context) => {
    const { tx, actor, organization, now, params, body } = context;
    const estimate = { ...camel(body), lines: body.lines.map(camel) };
    const about = { organizationId: organization.id, estimateId: params.id };
    await updateEstimate(tx, actor, { ...about, estimate }, now);
    return one(context, params.id);
  });
  serve(app, api.sendEstimate, async (context) => {
    const { tx, actor, organization, now, params, body } = context;
    const about = { organizationId: organization.id, estimateId: params.id };
    await sendEstimate(tx, actor, { ...about, ...body, outbox, secrets }, now);
    return one(context, params.id);
  });
  serve(app, api.answerEstimate, async (context) => {
    const { tx, actor, organization, now, params, body } = context;
    const about = { organizationId: organization.id, estimateId: params.id };
    const takenBy =
      actor.kind === 'user' ? actor.userId : actor.kind === 'api_key' ? actor.apiKeyId : undefined;
    await answerEstimate(tx, actor, { ...about, ...body, takenBy }, now);
    return one(context, params.id);
  });
  serve(app, api.billDeposit, async (context) => {
    const { tx, actor, organization, now, params } = context;
    await billDeposit(tx, actor, { organizationId: organization.id, estimateId: params.id }, now);
    return one(context, params.id);
  });
  serve(app, api.billEstimate, async (context) => {
    const { tx, actor, organization, now, params, body } = context;
    const about = { organizationId: organization.id, estimateId: params.id };
    // A percentage of two decimals is a whole number of hundredths.
    const shareBps = body.percent === undefined ? undefined : Number(parseDecimal(body.percent, 'USD'));
    await billEstimate(tx, actor, { ...about, shareBps }, now);
    return one(context, params.id);
  });
  serve(app, api.getEstimateOfInvoice, async ({ tx, organization, params }) => {
    await readInvoice(tx, organization.id, params.id);
    const estimate = (await readEstimateOfInvoice(tx, organization.id, params.id)) ?? null;
    return { object: 'estimate_reference' as const, estimate };
  });
  serveFile(app, api.getEstimatePdf, ({ caller, params }) =>
    estimateFile(app, caller.actor, { organizationId: caller.organization.id, estimateId: params.id }),
  );
}
