import { z } from 'zod';
import type { Actor } from '#db/db.ts';
import { listChargebacks } from '#features/chargebacks/api.ts';
import { listWorklist } from '#features/collections/api.ts';
import { listMessages } from '#features/correspondence/api.ts';
import { listCreditMemos } from '#features/credit-memos/api.ts';
import { listCustomers } from '#features/customers/api.ts';
import { customerColumns } from '#features/customers/list-column-rules.ts';
import { listDeposits } from '#features/deposits/api.ts';
import { listEstimates } from '#features/estimates/api.ts';
import { listInvoices } from '#features/invoices/api.ts';
import { invoiceColumns } from '#features/invoices/list-column-rules.ts';
import { listPayments } from '#features/payments/report/api.ts';
import * as api from '#features/saved-views/api.ts';
import { listViews, presentViews, readView } from '#features/saved-views/queries.ts';
import { type Search, scopeOfList, type ViewedList } from '#features/saved-views/rules.ts';
import { changeView, removeView, saveView } from '#features/saved-views/save-view.ts';
import { listSchedules } from '#features/schedules/api.ts';
import { listTickets } from '#features/support/api.ts';
import type { App } from '#http/app.ts';
import { parse, serve } from '#http/serve.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';
import { columnsProblem, type ListColumns } from '#lib/list-columns.ts';
import { scopesOf } from '#lib/roles.ts';

/** A view belongs to a person. */
function personOf(actor: Actor, list?: ViewedList) {
  if (actor.kind !== 'user')
    throw new Refusal(
      'forbidden',
      'Saved views belong to a person. Sign in; a key names its filters itself.',
    );
  const held = scopesOf(actor);
  if (list && !held.has(scopeOfList[list]))
    throw new Refusal('forbidden', `This needs the permission ${scopeOfList[list]}.`);
  const { organizationId, userId } = actor;
  return { organizationId, userId, maySettings: held.has('settings:write') };
}

const zColumns = (list: ListColumns) =>
  z
    .string()
    .superRefine((said, refused) => {
      const problem = columnsProblem(said, list);
      if (problem) refused.addIssue({ code: 'custom', message: problem });
    })
    .optional();

const paging = { limit: true, starting_after: true } as const;
const searches = {
  invoices: listInvoices.query.omit(paging).extend({ columns: zColumns(invoiceColumns) }),
  customers: listCustomers.query.omit(paging).extend({ columns: zColumns(customerColumns) }),
  payments: listPayments.query.omit(paging),
  estimates: listEstimates.query.omit(paging),
  credit_memos: listCreditMemos.query.omit(paging),
  schedules: listSchedules.query.omit(paging),
  deposits: listDeposits.query.omit(paging),
  chargebacks: listChargebacks.query.omit(paging),
  worklist: listWorklist.query.omit(paging),
  messages: listMessages.query.omit(paging),
  tickets: listTickets.query.omit(paging),
} as const satisfies Record<ViewedList, z.ZodObject>;

/** Whoever is no person has none of them. */
function ownerOf(actor: Actor, id: string) {
  if (actor.kind !== 'user') throw notFound('saved view', id);
  return personOf(actor);
}

/** What the list itself would not take is refused when it is saved, not when it is opened. */
function refuseUnknown(list: ViewedList, search: Search): void {
  parse(searches[list].strict(), search, 'search');
}

export function savedViewRoutes(app: App): void {
  serve(app, api.listSavedViews, ({ tx, actor, query }) =>
    listViews(tx, personOf(actor, query.list), query.list),
  );
  serve(app, api.saveView, async ({ tx, actor, now, body }) => {
    const by = personOf(actor, body.list);
    refuseUnknown(body.list, body.search);
    const { is_default: isDefault, ...view } = body;
    const { viewId } = await saveView(tx, by, { ...view, isDefault }, now);
    const [made] = await presentViews(tx, by, [await readView(tx, by, viewId)]);
    return must(made, 'the view');
  });
  serve(app, api.changeView, async ({ tx, actor, now, params, body }) => {
    const by = ownerOf(actor, params.id);
    const before = await readView(tx, by, params.id);
    if (body.search) refuseUnknown(before.list, body.search);
    const { is_default: isDefault, ...words } = body;
    await changeView(tx, by, { viewId: params.id, change: { ...words, isDefault } }, now);
    // Whoever takes another person's view from all does not see it any more, but what became of it.
    const isGone = before.userId !== by.userId && body.shared === false;
    const { name = before.name, search = before.search } = body;
    const after = isGone
      ? { ...before, name, search, shared: false, isDefault: false, updatedAt: now }
      : await readView(tx, by, params.id);
    const [changed] = await presentViews(tx, by, [after]);
    return must(changed, 'the view');
  });
  serve(app, api.removeView, async ({ tx, actor, params }) => {
    await removeView(tx, ownerOf(actor, params.id), params.id);
    return { object: 'saved_view_removed' as const, id: params.id };
  });
}
