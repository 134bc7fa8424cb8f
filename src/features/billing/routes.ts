import type { Tx } from '#db/db.ts';
import * as api from '#features/billing/api.ts';
import { cancelPlan } from '#features/billing/cancel-plan.ts';
import { changePlan } from '#features/billing/change-plan.ts';
import { choosePlan } from '#features/billing/choose-plan.ts';
import { makePlan } from '#features/billing/make-plan.ts';
import { type Host, readHost } from '#features/billing/queries.ts';
import { previewPlan, readBilling, roleOf } from '#features/billing/read-billing.ts';
import { listSubscribers, readPlans } from '#features/billing/read-subscribers.ts';
import { readOrganization } from '#features/organizations/queries.ts';
import type { App, OrganizationContext } from '#http/app.ts';
import { type Context, serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import type { Endpoint } from '#lib/endpoint.ts';
import { must, Refusal } from '#lib/errors.ts';

/**
 * Subscribers and their host are two organizations, and each sees its own rows alone. So what a subscriber
 * reads and does here goes by the system's role, under the id of the caller; what the host reads goes by
 * its own.
 */
export function billingRoutes(app: App): void {
  subscriberRoutes(app);
  hostRoutes(app);
}

function subscriberRoutes(app: App): void {
  const read = async ({ tx, organization, now }: Pick<Context<Endpoint>, 'tx' | 'organization' | 'now'>) =>
    readBilling(tx, await readHost(tx), {
      organization,
      now,
      links: { secrets: app.secrets, baseUrl: app.config.baseUrl },
    });
  serve(app, api.getBilling, read, 'system');
  serve(
    app,
    api.previewPlan,
    async ({ tx, organization, query }) =>
      previewPlan(tx, await hostOf(tx, organization), organization.id, query.plan_id),
    'system',
  );
  serve(
    app,
    api.choosePlan,
    async (context) => {
      const { tx, actor, organization, now, body } = context;
      const host = await hostOf(tx, organization);
      const { id, name, legalName, email } = await readOrganization(tx, organization.id);
      const subscriber = { id, name: legalName ?? name, email };
      await choosePlan(tx, actor, { host, subscriber, planId: body.plan_id, email: body.email }, now);
      return read(context);
    },
    'system',
  );
  for (const [endpoint, cancels] of [
    [api.cancelPlan, true],
    [api.resumePlan, false],
  ] as const)
    serve(
      app,
      endpoint,
      async (context) => {
        const { tx, actor, organization, now } = context;
        const host = await hostOf(tx, organization);
        await cancelPlan(tx, actor, { host, subscriberId: organization.id, cancels }, now);
        return read(context);
      },
      'system',
    );
}

/** The host of one who can be billed by it. */
async function hostOf(tx: Tx, organization: OrganizationContext): Promise<Host> {
  const host = await readHost(tx);
  if (host && roleOf(host, organization) === 'subscriber') return host;
  throw new Refusal('state_refused', 'Nobody bills this organization here.');
}

function hostRoutes(app: App): void {
  const onlyHost = async (tx: Tx, { id }: OrganizationContext): Promise<void> => {
    if ((await readOrganization(tx, id)).hosts) return;
    const remedy = `Whoever runs this installation declares it with: owed host ${id}`;
    throw new Refusal('state_refused', `This organization bills no others. ${remedy}`);
  };
  const one = async (tx: Tx, organization: OrganizationContext, planId: string) =>
    must(
      (await readPlans(tx, organization)).find(({ id }) => id === planId),
      'the plan',
    );
  serve(app, api.listPlans, async ({ tx, organization }) => {
    await onlyHost(tx, organization);
    return { object: 'list' as const, data: await readPlans(tx, organization), has_more: false };
  });
  serve(app, api.makePlan, async ({ tx, actor, organization, now, body }) => {
    await onlyHost(tx, organization);
    const plan = {
      ...camel(body),
      meters: body.meters.map(({ tiers, ...each }) => ({
        ...each,
        tiers: tiers.map(({ up_to: upTo, price }) => ({ upTo, price })),
      })),
    };
    const { planId } = await makePlan(tx, actor, { organizationId: organization.id, plan }, now);
    return one(tx, organization, planId);
  });
  serve(app, api.changePlan, async ({ tx, actor, organization, now, params, body }) => {
    const input = { organizationId: organization.id, planId: params.id, change: camel(body) };
    await changePlan(tx, actor, input, now);
    return one(tx, organization, params.id);
  });
  serve(app, api.listSubscribers, async ({ tx, organization, query }) => {
    await onlyHost(tx, organization);
    return listSubscribers(tx, organization.id, camel(query));
  });
}
