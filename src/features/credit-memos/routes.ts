import type { z } from 'zod';
import type { Outbox } from '#features/correspondence/outbox.ts';
import * as api from '#features/credit-memos/api.ts';
import { applyCredit } from '#features/credit-memos/apply-credit.ts';
import { createCreditMemo } from '#features/credit-memos/create-credit-memo.ts';
import {
  creditMemoAsEInvoice,
  creditMemoFile,
  previewCreditMemo,
} from '#features/credit-memos/credit-memo-document.ts';
import { issueCreditMemo } from '#features/credit-memos/issue-credit-memo.ts';
import { getCreditMemo, listCreditMemos } from '#features/credit-memos/queries.ts';
import { rewriteCreditMemo } from '#features/credit-memos/rewrite-credit-memo.ts';
import { sendCreditMemo } from '#features/credit-memos/send-credit-memo.ts';
import { unapplyCredit } from '#features/credit-memos/unapply-credit.ts';
import { voidCreditMemo } from '#features/credit-memos/void-credit-memo.ts';
import { getECreditMemo } from '#features/e-invoices/api.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveFile, serveMadeFile } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';

type Body = Omit<z.output<typeof api.previewCreditMemo.body>, 'id'>;
const memoOf = ({ lines, ...memo }: Body) => ({ ...camel(memo), lines: lines.map(camel) });

export function creditMemoRoutes(app: App, { outbox }: { outbox: Outbox }): void {
  serve(app, api.listCreditMemos, ({ tx, organization, query }) =>
    listCreditMemos(tx, organization.id, camel(query)),
  );
  serve(app, api.getCreditMemo, ({ tx, organization, params }) =>
    getCreditMemo(tx, organization.id, params.id),
  );
  serve(app, api.createCreditMemo, async ({ tx, actor, organization, now, body }) => {
    const { issue, ...memo } = body;
    const about = { organizationId: organization.id, memo: memoOf(memo), issue };
    const { creditMemoId } = await createCreditMemo(tx, actor, about, now);
    return getCreditMemo(tx, organization.id, creditMemoId);
  });
  serve(app, api.rewriteCreditMemo, async ({ tx, actor, organization, now, params, body }) => {
    const { issue, ...memo } = body;
    const about = { organizationId: organization.id, creditMemoId: params.id, memo: memoOf(memo), issue };
    await rewriteCreditMemo(tx, actor, about, now);
    return getCreditMemo(tx, organization.id, params.id);
  });
  serveMadeFile(app, api.previewCreditMemo, ({ caller, body }) => {
    const { id, ...memo } = body;
    return previewCreditMemo(app, caller, { ...memoOf(memo), id });
  });
  serve(app, api.issueCreditMemo, async ({ tx, actor, organization, now, params }) => {
    await issueCreditMemo(tx, actor, { organizationId: organization.id, creditMemoId: params.id }, now);
    return getCreditMemo(tx, organization.id, params.id);
  });
  serve(app, api.voidCreditMemo, async ({ tx, actor, organization, now, params, body }) => {
    const at = { organizationId: organization.id, creditMemoId: params.id };
    await voidCreditMemo(tx, actor, { ...at, reason: body.reason }, now);
    return getCreditMemo(tx, organization.id, params.id);
  });
  serve(app, api.applyCredit, async ({ tx, actor, organization, now, params, body }) => {
    const at = { organizationId: organization.id, creditMemoId: params.id };
    await applyCredit(tx, actor, { ...at, applications: body.applications.map(camel) }, now);
    return getCreditMemo(tx, organization.id, params.id);
  });
  serve(app, api.unapplyCredit, async ({ tx, actor, organization, now, params, body }) => {
    const at = { organizationId: organization.id, creditMemoId: params.id };
    await unapplyCredit(tx, actor, { ...at, invoiceId: body.invoice_id }, now);
    return getCreditMemo(tx, organization.id, params.id);
  });
  serve(app, api.sendCreditMemo, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, creditMemoId: params.id };
    await sendCreditMemo(tx, actor, { ...about, ...body, outbox }, now);
    return getCreditMemo(tx, organization.id, params.id);
  });
  serveFile(app, api.getCreditMemoPdf, ({ caller, params }) =>
    creditMemoFile(app, caller.actor, { organizationId: caller.organization.id, creditMemoId: params.id }),
  );
  serveFile(app, getECreditMemo, ({ caller, params, query }) => {
    const about = { organizationId: caller.organization.id, creditMemoId: params.id };
    return creditMemoAsEInvoice(app, caller.actor, about, query.format);
  });
}
