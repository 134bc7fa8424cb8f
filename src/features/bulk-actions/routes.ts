import type { z } from 'zod';
import * as api from '#features/bulk-actions/api.ts';
import { listBulkActions, listRefusals, presentBulkAction } from '#features/bulk-actions/queries.ts';
import type { Ask, Chosen } from '#features/bulk-actions/read-chosen.ts';
import { subjectOf } from '#features/bulk-actions/rules.ts';
import {
  cancelBulkAction,
  previewBulkAction,
  refuseForbidden,
  startBulkAction,
} from '#features/bulk-actions/start-bulk-action.ts';
import type { App, OrganizationContext } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';

type Body = z.output<typeof api.startBulkAction.body>;

/** Exactly one way of choosing, and of the list that the action is for. */
function chosenOf(body: Body): Chosen {
  const subject = subjectOf(body.action);
  const ways = {
    invoice_ids: body.invoice_ids,
    invoice_filter: body.invoice_filter,
    customer_ids: body.customer_ids,
    customer_filter: body.customer_filter,
  };
  const given = Object.entries(ways).filter(([, value]) => value !== undefined);
  const own = subject.slice(0, -1);
  const names = given.map(([name]) => name);
  const stranger = names.find((name) => !name.startsWith(own));
  if (stranger || names.length !== 1)
    throw new Refusal('invalid_request', {
      message: `For ${body.action} give either ${own}_ids or ${own}_filter, and nothing else to choose by.`,
      param: stranger ?? `${own}_ids`,
    });
  const ids = body.invoice_ids ?? body.customer_ids;
  if (ids) return { subject, ids };
  return body.invoice_filter
    ? { subject: 'invoices', filter: camel(body.invoice_filter) }
    : { subject: 'customers', filter: camel(must(body.customer_filter, 'a filter')) };
}

function askOf(organization: OrganizationContext, body: Body, now: Date): Ask {
  return {
    organizationId: organization.id,
    action: body.action,
    chosen: chosenOf(body),
    settings: {
      reason: body.reason,
      customerType: body.customer_type,
      dunningPolicyId: body.dunning_policy_id,
    },
    today: dateIn(organization.timeZone, now),
  };
}

export function bulkActionRoutes(app: App): void {
  serve(app, api.previewBulkAction, ({ tx, actor, organization, now, body }) => {
    refuseForbidden(actor, body.action);
    return previewBulkAction(tx, askOf(organization, body, now));
  });
  serve(app, api.startBulkAction, async ({ tx, actor, organization, now, body }) => {
    refuseForbidden(actor, body.action);
    const { bulkActionId } = await startBulkAction(tx, actor, askOf(organization, body, now), now);
    return presentBulkAction(tx, organization.id, bulkActionId);
  });
  serve(app, api.listBulkActions, ({ tx, organization, query }) =>
    listBulkActions(tx, organization.id, camel(query)),
  );
  serve(app, api.getBulkAction, ({ tx, organization, params }) =>
    presentBulkAction(tx, organization.id, params.id),
  );
  serve(app, api.listBulkRefusals, ({ tx, organization, params, query }) =>
    listRefusals(tx, organization.id, params.id, camel(query)),
  );
  serve(app, api.cancelBulkAction, async ({ tx, actor, organization, now, params }) => {
    await cancelBulkAction(tx, actor, { organizationId: organization.id, bulkActionId: params.id }, now);
    return presentBulkAction(tx, organization.id, params.id);
  });
}
