import type { FastifyReply } from 'fastify';
import { onBehalfOf, systemActor } from '#db/db.ts';
import { answerEstimate } from '#features/estimates/answer-estimate.ts';
import { estimateFile } from '#features/estimates/estimate-document.ts';
import { holdsEstimateLink } from '#features/estimates/estimate-link.ts';
import { recordEstimateView } from '#features/estimates/portal-record-view.ts';
import {
  type BilledPart,
  type EstimateRow,
  findLinkedEstimate,
  readBilledParts,
  readEstimate,
  readEstimateLines,
  stateOf,
} from '#features/estimates/queries.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import { readInvoice } from '#features/invoices/queries.ts';
import { type Line, payableNow } from '#features/invoices/rules.ts';
import { sumsOf } from '#features/invoices/sum-rules.ts';
import { checkDoor, doorShell } from '#features/portal-access/door-routes.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
import {
  type Guest,
  isStaff,
  type Opened,
  openGuest,
  readGuest,
} from '#features/portal-access/link-holder-routes.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  goTo,
  isHead,
  paramOf,
  portalRoute,
  queryOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import { lineOnPage } from '#features/portal-access/show-invoice.ts';
import { type App, originOf } from '#http/app.ts';
import { addressLines } from '#lib/address-lines.ts';
import { dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import { type EstimatePage, estimatePage } from '#web/portal/views/estimate-page.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';

type Holder = Guest & { estimateId: string };
type Papers = { estimate: EstimateRow; lines: Line[]; parts: BilledPart[]; payUrl: string | undefined };

/** The page behind the link in an estimate's mail: read it, accept it, decline it. */
export function estimatePageRoutes(app: App): void {
  const route = (
    method: 'GET' | 'POST',
    url: string,
    handler: (ask: Ask, holder: Holder) => Promise<FastifyReply>,
  ): void =>
    portalRoute(
      app,
      { method, url: `/e/:estimateId/:signature${url}`, perMinute: method === 'GET' ? 240 : 30 },
      async (ask) => {
        const opened = await openEstimate(ask);
        if ('problem' in opened) return opened.problem;
        if (method === 'POST') checkDoor(ask, opened.guest.door);
        return handler(ask, opened.guest);
      },
    );
  route('GET', '', async (ask, holder) => {
    await noteView(ask, holder);
    return showEstimate(ask, holder);
  });
  route('POST', '/accept', (ask, holder) => takeAnswer(ask, holder, 'accepted'));
  route('POST', '/decline', (ask, holder) => takeAnswer(ask, holder, 'declined'));
  route('GET', '/pdf', async (ask, { actor, seller, estimateId }) =>
    sendFile(ask, await estimateFile(ask.app, actor, { organizationId: seller.id, estimateId })),
  );
}

async function openEstimate(ask: Ask): Promise<Opened<Holder>> {
  const { app, request } = ask;
  const [id, signature] = [paramOf(request, 'estimateId'), paramOf(request, 'signature')];
  const linked = isId('estimate', id)
    ? await app.db.transaction(systemActor('estimate page'), (tx) => findLinkedEstimate(tx, id))
    : undefined;
  const opened = await openGuest(ask, {
    base: `/e/${id}/${signature}`,
    purpose: 'estimate',
    named: linked && {
      organizationId: linked.organizationId,
      customerId: linked.customerId,
      version: linked.linkVersion,
    },
    holds: (linkVersion) =>
      linked !== undefined && holdsEstimateLink(app.secrets, { ...linked, linkVersion }, signature),
  });
  return 'problem' in opened ? opened : { guest: { ...opened.guest, estimateId: id } };
}

/** A look by staff, or by a program that only asks for the page's head, is no visit of the customer's. */
async function noteView(ask: Ask, { actor, seller, estimateId, now }: Holder): Promise<void> {
  if (isHead(ask.request) || (await isStaff(ask))) return;
  const input = { organizationId: seller.id, estimateId };
  await ask.app.db.transaction(onBehalfOf(actor), (tx) => recordEstimateView(tx, actor, input, now));
}

async function readPapers(ask: Ask, holder: Holder): Promise<Papers> {
  const { seller, estimateId } = holder;
  return readGuest(ask, holder, async (tx) => {
    const parts = await readBilledParts(tx, seller.id, estimateId);
    const deposit = parts.find(({ kind, voidedAt }) => kind === 'deposit' && !voidedAt);
    const invoice = deposit && (await readInvoice(tx, seller.id, deposit.invoiceId));
    const { secrets, config } = ask.app;
    return {
      estimate: await readEstimate(tx, seller.id, estimateId),
      lines: await readEstimateLines(tx, seller.id, estimateId),
      parts,
      payUrl:
        invoice && payableNow(invoice) > 0n
          ? payLink(secrets, config.baseUrl, { ...invoice, organizationId: seller.id })
          : undefined,
    };
  });
}

async function showEstimate(ask: Ask, holder: Holder, form?: EstimatePage['form']): Promise<FastifyReply> {
  const shell = doorShell(holder.door, form ? undefined : noteOf(queryOf(ask.request, 'note')));
  const page = estimatePage(shell, pageOf(holder, await readPapers(ask, holder), form));
  return sendPage(ask.reply, page, { nonce: shell.nonce, status: form ? 422 : 200 });
}

function pageOf(holder: Holder, papers: Papers, form: EstimatePage['form'] | undefined): EstimatePage {
  const { base, seller, customer, today } = holder;
  const { estimate, lines, parts, payUrl } = papers;
  return {
    base,
    number: estimate.number,
    currency: estimate.currency,
    state: stateOf(estimate, today),
    date: estimate.estimateDate,
    expiresOn: estimate.expiresOn,
    today,
    ...(estimate.poNumber ? { poNumber: estimate.poNumber } : {}),
    from: { name: seller.legalName || seller.name, lines: addressLines(seller.address) },
    to: {
      name: customer.businessName || customer.displayName,
      lines: addressLines(customer.billingAddress, seller.address.country ?? 'US'),
    },
    lines: lines.map((line) => lineOnPage(line, estimate.currency)),
    sums: sumsOf(estimate, lines),
    total: estimate.total,
    deposit: estimate.deposit,
    depositAtOnce: estimate.depositAtOnce,
    revision: estimate.revision,
    ...(estimate.memo ? { memo: estimate.memo } : {}),
    ...(estimate.answeredAt
      ? { answered: { by: estimate.answeredBy ?? '', on: dateIn(seller.timeZone, estimate.answeredAt) } }
      : {}),
    invoices: parts
      .filter(({ voidedAt }) => !voidedAt)
      .map(({ number, kind, total }) => ({ number, kind, total })),
    ...(payUrl ? { payUrl } : {}),
    ...(form ? { form } : {}),
  };
}

const missing = {
  accepted: { name: 'Type your full name. It signs the acceptance.' },
  declined: { declined_by: 'Type your name, so that we know who it was.' },
};

async function takeAnswer(ask: Ask, holder: Holder, answer: 'accepted' | 'declined'): Promise<FastifyReply> {
  const { request } = ask;
  const { actor, seller, estimateId, now, base } = holder;
  const field = answer === 'accepted' ? 'name' : 'declined_by';
  const [name, reason] = [textOf(request, field, 120), textOf(request, 'reason', 2000)];
  const values = { [field]: name, reason };
  const again = (state: FormState) => showEstimate(ask, holder, { of: answer, ...state, values });
  if (!name) return again({ errors: missing[answer] });
  if (answer === 'declined' && !reason)
    return again({ errors: { reason: 'Please say in a few words why.' } });
  const input = {
    organizationId: seller.id,
    estimateId,
    answer,
    name,
    ...(answer === 'declined' ? { reason } : {}),
    revision: Number(/^\d{1,9}$/.exec(textOf(request, 'revision'))?.[0] ?? -1),
    origin: originOf(request),
  };
  try {
    await ask.app.db.transaction(onBehalfOf(actor), (tx) => answerEstimate(tx, actor, input, now));
  } catch (error) {
    if (error instanceof Refusal && error.code === 'conflict') return again({ message: error.message });
    // Answered meanwhile, by a second click or by somebody else: the page says how it stands.
    if (error instanceof Refusal && error.code === 'state_refused') return goTo(ask.reply, base);
    throw error;
  }
  return goTo(ask.reply, `${base}?note=estimate_${answer}`);
}
