import * as api from '#features/deposits/api.ts';
import { makeDeposit, undoDeposit } from '#features/deposits/make-deposit.ts';
import { listDepositLines, listDeposits, readDeposit } from '#features/deposits/queries.ts';
import { assignDeposit, resolveDeposit } from '#features/deposits/resolve-deposit.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';

/** What reached the bank. */
export function depositRoutes(app: App): void {
  serve(app, api.listDeposits, ({ tx, organization, query }) =>
    listDeposits(tx, organization.id, camel(query)),
  );
  serve(app, api.getDeposit, ({ tx, organization, params }) => readDeposit(tx, organization.id, params.id));
  serve(app, api.listDepositLines, ({ tx, organization, params, query }) =>
    listDepositLines(tx, { organizationId: organization.id, depositId: params.id }, query),
  );
  serve(app, api.makeDeposit, async ({ tx, actor, organization, now, body }) => {
    const { depositId } = await makeDeposit(
      tx,
      actor,
      {
        organizationId: organization.id,
        currency: organization.currency,
        paymentIds: body.payment_ids,
        depositedOn: body.deposited_on ?? dateIn(organization.timeZone, now),
        memo: body.memo,
      },
      now,
    );
    return readDeposit(tx, organization.id, depositId);
  });
  serve(app, api.undoDeposit, async ({ tx, actor, organization, now, params }) => {
    await undoDeposit(tx, actor, { organizationId: organization.id, depositId: params.id }, now);
    return readDeposit(tx, organization.id, params.id);
  });
  serve(app, api.assignDeposit, async ({ tx, actor, organization, now, params, body }) => {
    const input = { organizationId: organization.id, depositId: params.id, ownerId: body.owner_id };
    await assignDeposit(tx, actor, input, now);
    return readDeposit(tx, organization.id, params.id);
  });
  serve(app, api.resolveDeposit, async ({ tx, actor, organization, now, params, body }) => {
    await resolveDeposit(tx, actor, { organizationId: organization.id, depositId: params.id, ...body }, now);
    return readDeposit(tx, organization.id, params.id);
  });
}
