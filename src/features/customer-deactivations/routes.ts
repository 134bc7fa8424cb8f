import * as api from '#features/customer-deactivations/api.ts';
import {
  deactivateCustomers,
  reactivateCustomers,
} from '#features/customer-deactivations/deactivate-customers.ts';
import { readDeactivation } from '#features/customer-deactivations/read-standing.ts';
import { readCustomer } from '#features/customers/queries.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { Refusal } from '#lib/errors.ts';

export function customerDeactivationRoutes(app: App): void {
  serve(app, api.getDeactivation, ({ tx, organization, params }) =>
    readDeactivation(tx, organization.id, params.id),
  );
  serve(app, api.deactivateCustomer, async ({ tx, actor, organization, now, params }) => {
    await deactivateCustomers(tx, actor, { organizationId: organization.id, customerIds: [params.id] }, now);
    return readDeactivation(tx, organization.id, params.id);
  });
  serve(app, api.reactivateCustomer, async ({ tx, actor, organization, now, params }) => {
    const { mergedIntoId } = await readCustomer(tx, organization.id, params.id);
    if (mergedIntoId)
      throw new Refusal(
        'state_refused',
        'This record was merged into another one. Use that one, or undo the merge.',
      );
    await reactivateCustomers(tx, actor, { organizationId: organization.id, customerIds: [params.id] }, now);
    return readDeactivation(tx, organization.id, params.id);
  });
}
