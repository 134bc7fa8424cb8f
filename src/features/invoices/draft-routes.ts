import type { z } from 'zod';
import type { Actor, Tx } from '#db/db.ts';
import type { zInvoice } from '#features/invoices/api.ts';
import * as api from '#features/invoices/drafts/api.ts';
import { changeLayout, readLayout } from '#features/invoices/layout.ts';
import { changeNumbering, readNextNumber, readNumbering } from '#features/invoices/numbering.ts';
import { previewDraft, previewLayout } from '#features/invoices/preview-invoice.ts';
import { deleteDraft, rewriteDraft } from '#features/invoices/rewrite-draft.ts';
import type { App, OrganizationContext } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveMadeFile } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';

type Reader = { tx: Tx; actor: Actor; organization: OrganizationContext; now: Date };
type ReadOne = (reader: Reader, id: string) => Promise<z.output<typeof zInvoice>>;

/** Drafts, their preview, and how invoices are numbered and look. */
export function draftRoutes(app: App, one: ReadOne): void {
  serve(app, api.rewriteDraft, async (context) => {
    const { tx, actor, organization, now, params, body } = context;
    const { issue, lines, ...invoice } = body;
    const input = { organizationId: organization.id, invoiceId: params.id, issue };
    await rewriteDraft(tx, actor, { ...input, invoice: { ...camel(invoice), lines: lines.map(camel) } }, now);
    return one(context, params.id);
  });
  serve(app, api.deleteDraft, async ({ tx, actor, organization, now, params }) => {
    const about = { organizationId: organization.id, invoiceId: params.id };
    const { number } = await deleteDraft(tx, actor, about, now);
    return { object: 'deleted_draft' as const, id: params.id, number };
  });
  serveMadeFile(app, api.previewInvoice, ({ caller, body }) => {
    const { lines, ...invoice } = body;
    return previewDraft(app, caller, { ...camel(invoice), lines: lines.map(camel) });
  });
  serve(app, api.getNextNumber, ({ tx, organization }) => readNextNumber(tx, organization.id));
  serve(app, api.getNumbering, ({ tx, organization }) => readNumbering(tx, organization.id));
  serve(app, api.updateNumbering, async ({ tx, actor, organization, now, body }) => {
    const { next, ...rest } = body;
    const changes = { ...rest, ...(next === undefined ? {} : { next: BigInt(next) }) };
    await changeNumbering(tx, actor, { organizationId: organization.id, changes }, now);
    return readNumbering(tx, organization.id);
  });
  serve(app, api.getLayout, async ({ tx, organization }) => presentLayout(tx, organization.id));
  serve(app, api.updateLayout, async ({ tx, actor, organization, now, body }) => {
    await changeLayout(tx, actor, { organizationId: organization.id, changes: body }, now);
    return presentLayout(tx, organization.id);
  });
  serveMadeFile(app, api.previewLayout, ({ caller, body }) => previewLayout(app, caller, body));
}

const presentLayout = async (tx: Tx, organizationId: string) => {
  const { columns, ...layout } = await readLayout(tx, organizationId);
  return { object: 'invoice_layout' as const, ...layout, columns: [...columns] };
};
