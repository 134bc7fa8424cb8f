import { columnOf, type InvoiceDraft } from '#features/imports/draft-rules.ts';
import type { FieldKey } from '#features/imports/field-rules.ts';
import type { CustomerRef } from '#features/imports/invoice-rules.ts';
import type { ImportPlan, Problem } from '#features/imports/row-rules.ts';
import { quoted } from '#features/imports/value-rules.ts';
import {
  type InvoiceDocument,
  isSameDocument,
  type RevisableInvoice,
  refuseRevision,
} from '#features/invoices/revision-rules.ts';
import { addDays } from '#lib/dates.ts';
import { formatMoney, maxAmount } from '#lib/money.ts';

export type MatchedCustomer = {
  id: string;
  displayName: string;
  externalId: string | null;
  termsDays: number | null;
};

/** What the books know of the customers and invoices that a chunk names. */
export type InvoiceFindings = {
  /** By the row's reference, as refKey() spells it; several for an e-mail that several share. */
  customers: ReadonlyMap<string, readonly MatchedCustomer[]>;
  byExternalId: ReadonlyMap<string, RevisableInvoice>;
  byNumber: ReadonlyMap<string, RevisableInvoice>;
};

type Accepted = { draft: InvoiceDraft; customer: MatchedCustomer; document: InvoiceDocument; pay: bigint };

export type InvoiceDecision =
  | (Accepted & { action: 'create' })
  | (Accepted & { action: 'update'; existing: RevisableInvoice })
  | (Accepted & { action: 'unchanged'; existing: RevisableInvoice })
  | { action: 'reject'; draft: InvoiceDraft; problems: Problem[] };

/** The first of these that a row gives decides whom it means. */
const refFields = [
  ['id', 'customerId'],
  ['externalId', 'customerExternalId'],
  ['displayName', 'customerName'],
  ['email', 'customerEmail'],
] as const satisfies readonly (readonly [keyof CustomerRef, FieldKey])[];

export type RefKind = (typeof refFields)[number][0];

export function refOf(ref: CustomerRef): { kind: RefKind; field: FieldKey; value: string } {
  for (const [kind, field] of refFields) {
    const value = ref[kind];
    if (value !== undefined) return { kind, field, value };
  }
  throw new Error('a row without a customer was accepted');
}

export const refKey = (kind: RefKind, value: string): string => `${kind} ${value}`;

const unknown: Readonly<Record<RefKind, (value: string) => string>> = {
  id: (value) => `There is no customer ${quoted(value)}. Correct the ID.`,
  externalId: (value) =>
    `No customer has the external ID ${quoted(value)}. Bring in the customer first, or correct it.`,
  displayName: (value) =>
    `No customer is called ${quoted(value)}. Bring in the customer first, or correct the name.`,
  email: (value) =>
    `No customer has the e-mail ${quoted(value)}. Bring in the customer first, or correct it.`,
};

const named = ({ displayName, externalId }: MatchedCustomer): string =>
  externalId ? `${displayName} (${externalId})` : displayName;

function findCustomer(
  plan: ImportPlan,
  ref: CustomerRef,
  findings: InvoiceFindings,
): { ok: true; customer: MatchedCustomer } | { ok: false; problem: Problem } {
  const { kind, field, value } = refOf(ref);
  const found = findings.customers.get(refKey(kind, value)) ?? [];
  const [customer] = found;
  if (customer && found.length === 1) return { ok: true, customer };
  const candidates = [...found.slice(0, 5).map(named), ...(found.length > 5 ? ['…'] : [])].join(', ');
  const reason = customer
    ? `${found.length} customers have this e-mail: ${candidates}. ` +
      'Name the customer by ID or by display name.'
    : unknown[kind](value);
  return { ok: false, problem: { column: columnOf(plan, field), value, reason } };
}

/** Without a due date of the row's own, the customer's terms come before the organization's. */
function dueDateOf(
  draft: InvoiceDraft,
  isDerived: boolean,
  customer: MatchedCustomer,
  existing?: InvoiceDocument,
): string {
  if (!isDerived) return draft.dueDate;
  if (existing && existing.invoiceDate === draft.invoiceDate) return existing.dueDate;
  return customer.termsDays === null ? draft.dueDate : addDays(draft.invoiceDate, customer.termsDays);
}

/** The invoice as it will stand: what the file leaves blank stays as it is. */
function documentOf(
  draft: InvoiceDraft,
  isDerived: boolean,
  customer: MatchedCustomer,
  existing?: RevisableInvoice,
): InvoiceDocument {
  return {
    customerId: customer.id,
    number: draft.number,
    externalId: draft.externalId ?? existing?.externalId ?? null,
    currency: draft.currency,
    invoiceDate: draft.invoiceDate,
    dueDate: dueDateOf(draft, isDerived, customer, existing),
    terms: existing?.terms ?? null,
    poNumber: draft.poNumber ?? existing?.poNumber ?? null,
    memo: draft.memo ?? existing?.memo ?? null,
    subtotal: draft.subtotal,
    tax: draft.tax,
    total: draft.total,
    lines: draft.lines,
  };
}

const sizes = ['subtotal', 'tax', 'total'] as const;

function refuseAmounts(plan: ImportPlan, draft: InvoiceDraft): Problem | undefined {
  if (draft.currency !== plan.currency) {
    return {
      column: columnOf(plan, 'currency'),
      value: draft.currency,
      reason: `The invoice is in ${draft.currency}, but this organization bills in ${plan.currency}.`,
    };
  }
  if (sizes.every((size) => draft[size] <= maxAmount && draft[size] >= -maxAmount)) return undefined;
  const most = formatMoney(maxAmount, plan.currency);
  return {
    column: columnOf(plan, 'number'),
    value: draft.number,
    reason: `The invoice comes to more than ${most}. Split it.`,
  };
}

/**
 * The invoice of ours that the file means: by its external id, or by its number where the file gives no
 * external id.
 */
function findExisting(
  plan: ImportPlan,
  draft: InvoiceDraft,
  findings: InvoiceFindings,
): { existing: RevisableInvoice | undefined; problem?: Problem } {
  const byNumber = findings.byNumber.get(draft.number);
  if (draft.externalId === undefined) return { existing: byNumber };
  const existing = findings.byExternalId.get(draft.externalId);
  if (!byNumber || byNumber.id === existing?.id) return { existing };
  const whose = byNumber.externalId
    ? `with the external ID ${quoted(byNumber.externalId)}`
    : 'without an external ID';
  const reason = `The number ${quoted(draft.number)} is taken by an invoice ${whose}. Give this one another.`;
  return { existing, problem: { column: columnOf(plan, 'number'), value: draft.number, reason } };
}

export type DraftFacts = {
  /** Neither the row's due date nor its terms are filled: the due date comes from our terms. */
  isDerived: boolean;
  duplicate: { of: number; by: FieldKey } | undefined;
  /** An invoice that this import brought in or revised already stands for an earlier line of the file. */
  isOfThisImport(invoice: RevisableInvoice): boolean;
};

/**
 * What an invoice of the file does to the books: makes one, revises one, nothing, or why it cannot come
 * in.
 */
export function decideInvoice(
  plan: ImportPlan,
  draft: InvoiceDraft,
  facts: DraftFacts,
  findings: InvoiceFindings,
): InvoiceDecision {
  const reject = (problem: Problem): InvoiceDecision => ({ action: 'reject', draft, problems: [problem] });
  const twice = (where: string): InvoiceDecision =>
    reject({
      column: columnOf(plan, 'externalId'),
      value: draft.externalId ?? '',
      reason: `${where} has the same external ID under another number. Leave one of them.`,
    });
  if (facts.duplicate) return twice(`Line ${facts.duplicate.of} of the file`);
  const wrong = refuseAmounts(plan, draft);
  if (wrong) return reject(wrong);
  const found = findCustomer(plan, draft.customerRef, findings);
  if (!found.ok) return reject(found.problem);
  const { customer } = found;
  const { existing, problem } = findExisting(plan, draft, findings);
  if (problem) return reject(problem);
  const document = documentOf(draft, facts.isDerived, customer, existing);
  const paid = draft.amountPaid ?? 0n;
  if (!existing) return { action: 'create', draft, customer, document, pay: paid };
  if (facts.isOfThisImport(existing)) return twice('An earlier line of the file');
  const isSame = isSameDocument(existing, document);
  const isLeftAlone = isSame && paid <= existing.applied && !existing.isVoid;
  const refused = isLeftAlone ? undefined : refuseRevision(existing, document);
  if (refused) return reject({ column: columnOf(plan, 'number'), value: draft.number, reason: refused });
  const pay = paid - existing.applied;
  if (pay > document.total - existing.applied - existing.credited - existing.writtenOff - existing.reserved) {
    const reason = 'The amount paid is more than what can be paid on this invoice now. Correct it.';
    return reject({ column: columnOf(plan, 'amountPaid'), value: '', reason });
  }
  const decided = { draft, customer, document, existing, pay: pay > 0n ? pay : 0n };
  return isSame && pay <= 0n ? { action: 'unchanged', ...decided } : { action: 'update', ...decided };
}
