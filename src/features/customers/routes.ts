import type { Actor, Tx } from '#db/db.ts';
import * as api from '#features/customers/api.ts';
import { createCustomers } from '#features/customers/create-customers.ts';
import { customersFile } from '#features/customers/list-file.ts';
import * as fileApi from '#features/customers/list-files/api.ts';
import { getCustomer, listCustomers } from '#features/customers/queries.ts';
import { readFamily } from '#features/customers/read-family.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { serveListFile } from '#features/downloads/list-file-routes.ts';
import type { App, OrganizationContext } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

const pageOf = (organization: OrganizationContext, now: Date) => ({
  organizationId: organization.id,
  currency: organization.currency,
  today: dateIn(organization.timeZone, now),
});

/** What ends with a relationship: of rooms that this one does not know. */
type WhenDeactivated = (
  tx: Tx,
  actor: Actor,
  which: { organizationId: string; customerIds: readonly string[] },
  now: Date,
) => Promise<void>;

export function customerRoutes(app: App, { whenDeactivated }: { whenDeactivated: WhenDeactivated }): void {
  serve(app, api.listCustomers, ({ tx, organization, now, query }) =>
    listCustomers(tx, pageOf(organization, now), camel(query)),
  );
  serveListFile(app, fileApi.customersCsv, customersFile, 'csv');
  serveListFile(app, fileApi.customersXlsx, customersFile, 'xlsx');
  serve(app, api.getCustomer, ({ tx, organization, now, params }) =>
    getCustomer(tx, pageOf(organization, now), params.id),
  );
  serve(app, api.getFamily, ({ tx, organization, now, params }) =>
    readFamily(tx, pageOf(organization, now), params.id),
  );
  serve(app, api.createCustomer, async ({ tx, actor, organization, now, body }) => {
    const { customerIds } = await createCustomers(
      tx,
      actor,
      { organizationId: organization.id, customers: [camel(body)] },
      now,
    );
    return getCustomer(tx, pageOf(organization, now), must(customerIds[0], 'the new customer'));
  });
  serve(app, api.updateCustomer, async ({ tx, actor, organization, now, params, body }) => {
    const { changed } = await updateCustomers(
      tx,
      actor,
      { organizationId: organization.id, patches: [{ ...camel(body), id: params.id }] },
      now,
    );
    if (body.active === false && changed[0]?.before.active === true)
      await whenDeactivated(tx, actor, { organizationId: organization.id, customerIds: [params.id] }, now);
    return getCustomer(tx, pageOf(organization, now), params.id);
  });
}
