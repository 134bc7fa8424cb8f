import { readOrganization } from '#features/organizations/queries.ts';
import * as api from '#features/payment-plans/api.ts';
import { approvePlan } from '#features/payment-plans/approve-plan.ts';
import { changeMethod, moveInstallment } from '#features/payment-plans/change-plan.ts';
import { draftPlan } from '#features/payment-plans/draft-plan.ts';
import { endPlan } from '#features/payment-plans/end-plan.ts';
import { payOffPlan } from '#features/payment-plans/pay-off-plan.ts';
import { getPlan, listPlans, presentLimits } from '#features/payment-plans/queries.ts';
import { attestPlan, offerPlan } from '#features/payment-plans/request-plan.ts';
import { setPlanLimits } from '#features/payment-plans/set-plan-limits.ts';
import type { App } from '#http/app.ts';
import { type Context, serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

/** Payment plans as staff and programs see them; what payers see is in portal-access/plan-routes.ts. */
export function paymentPlanRoutes(app: App): void {
  serve(app, api.listPlans, ({ tx, organization, query }) => {
    const { pending, ...filter } = camel(query);
    return listPlans(tx, organization.id, {
      ...filter,
      ...(pending === 'true' ? { state: 'requested' } : {}),
    });
  });
  serve(app, api.getPlan, ({ tx, organization, params }) => getPlan(tx, organization.id, params.id));
  serve(app, api.getPlanLimits, ({ tx, organization }) => presentLimits(tx, organization.id));
  serve(app, api.setPlanLimits, async ({ tx, actor, organization, now, body }) => {
    await setPlanLimits(tx, actor, { organizationId: organization.id, limits: camel(body) }, now);
    return presentLimits(tx, organization.id);
  });
  makingRoutes(app);
  decisionRoutes(app);
}

const held = (name: string) => ({
  ...{ textHash: undefined, name, email: undefined },
  signature: { kind: 'held' as const },
});

function makingRoutes(app: App): void {
  serve(app, api.previewPlan, async ({ tx, organization, now, body }) => {
    const seller = await readOrganization(tx, organization.id);
    const draft = await draftPlan(tx, seller, camel(body), { today: dateIn(seller.timeZone, now) });
    return {
      object: 'payment_plan_preview' as const,
      total: draft.terms.total,
      currency: draft.terms.currency,
      installments: draft.installments.map(({ number, dueOn, amount }) => ({
        number,
        due_on: dueOn,
        amount,
      })),
    };
  });
  serve(app, api.offerPlan, async ({ tx, actor, organization, now, body, origin }) => {
    const { heldBy, paymentMethodId, note, ...wish } = camel(body);
    const seller = await readOrganization(tx, organization.id);
    const today = dateIn(seller.timeZone, now);
    if (heldBy === undefined) {
      const { planId } = await offerPlan(tx, actor, { seller, wish, note, today }, now);
      return getPlan(tx, organization.id, planId);
    }
    if (paymentMethodId === undefined)
      throw new Refusal('invalid_request', {
        message: 'Name the stored method that the customer has agreed to.',
        param: 'payment_method_id',
      });
    const signing = { ...held(heldBy), origin };
    const { planId } = await attestPlan(
      tx,
      actor,
      { seller, wish, note, today, paymentMethodId, signing },
      now,
    );
    return getPlan(tx, organization.id, planId);
  });
  serve(app, api.changePlan, async ({ tx, actor, organization, now, params, body, origin }) => {
    const seller = await readOrganization(tx, organization.id);
    const about = { seller, planId: params.id, today: dateIn(seller.timeZone, now) };
    if ('installment' in body)
      await moveInstallment(tx, actor, { ...about, number: body.installment, dueOn: body.due_on }, now);
    else {
      const signing = { ...held(body.held_by), origin };
      await changeMethod(tx, actor, { ...about, paymentMethodId: body.payment_method_id, signing }, now);
    }
    return getPlan(tx, organization.id, params.id);
  });
}

function decisionRoutes(app: App): void {
  serve(app, api.approvePlan, async ({ tx, actor, organization, now, params }) => {
    const seller = await readOrganization(tx, organization.id);
    await approvePlan(tx, actor, { seller, planId: params.id, today: dateIn(seller.timeZone, now) }, now);
    return getPlan(tx, organization.id, params.id);
  });
  const ending =
    (to: 'rejected' | 'withdrawn' | 'cancelled') =>
    async ({ tx, actor, organization, now, params, body }: Ending) => {
      const about = { organizationId: organization.id, planId: params.id, to, reason: body.reason };
      await endPlan(tx, actor, about, now);
      return getPlan(tx, organization.id, params.id);
    };
  serve(app, api.rejectPlan, ending('rejected'));
  serve(app, api.withdrawPlan, ending('withdrawn'));
  serve(app, api.cancelPlan, ending('cancelled'));
  serve(app, api.payOffPlan, async ({ tx, actor, organization, now, params }) => {
    const today = dateIn(organization.timeZone, now);
    await payOffPlan(tx, actor, { organizationId: organization.id, planId: params.id, today }, now);
    return getPlan(tx, organization.id, params.id);
  });
}

type Ending = Context<typeof api.rejectPlan>;
