import * as api from '#features/customer-merges/api.ts';
import { mergeCustomers } from '#features/customer-merges/merge-customers.ts';
import { mergesOf, previewOf } from '#features/customer-merges/queries.ts';
import { undoMerge } from '#features/customer-merges/undo-merge.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

export function customerMergeRoutes(app: App): void {
  serve(app, api.previewMerge, ({ tx, organization, params, query }) =>
    previewOf(tx, organization.id, { loserId: params.id, winnerId: query.into_id ?? params.id }),
  );
  serve(app, api.listMerges, ({ tx, organization, params, now }) =>
    mergesOf(tx, organization.id, params.id, now),
  );
  serve(app, api.mergeCustomer, async ({ tx, actor, organization, now, params, body }) => {
    const { mergeId } = await mergeCustomers(
      tx,
      actor,
      {
        organizationId: organization.id,
        loserId: params.id,
        winnerId: body.into_id,
        today: dateIn(organization.timeZone, now),
      },
      now,
    );
    const { data } = await mergesOf(tx, organization.id, params.id, now);
    return must(
      data.find(({ id }) => id === mergeId),
      'the merge',
    );
  });
  serve(app, api.undoCustomerMerge, async ({ tx, actor, organization, now, params }) => {
    const today = dateIn(organization.timeZone, now);
    await undoMerge(tx, actor, { organizationId: organization.id, mergeId: params.id, today }, now);
    return { object: 'customer_merge' as const, id: params.id, undone: true as const };
  });
}
