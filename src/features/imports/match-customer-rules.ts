import type { CustomerInput } from '#features/customers/customer-input.ts';
import type { CustomerInput as CustomerOfFile } from '#features/imports/customer-rules.ts';
import { columnOf } from '#features/imports/draft-rules.ts';
import type { FieldKey } from '#features/imports/field-rules.ts';
import type { ImportPlan, Problem } from '#features/imports/row-rules.ts';
import { cleanCell, quoted } from '#features/imports/value-rules.ts';
import { canonicalJson } from '#lib/json.ts';

export type KnownCustomer = Required<Omit<CustomerInput, 'parentId'>> & {
  id: string;
  importBatchId: string | null;
};

export type CustomerFindings = {
  byExternalId: ReadonlyMap<string, KnownCustomer>;
  /** By the name as the file spells it: the database compares without case. */
  byName: ReadonlyMap<string, KnownCustomer>;
};

export type CustomerFacts = {
  lineNo: number;
  cells: readonly string[];
  customer: CustomerOfFile;
  duplicate: { of: number; by: FieldKey } | undefined;
  /** A customer that this import brought in, or that an earlier row of the file stands for. */
  isOfThisImport(known: KnownCustomer): boolean;
};

export type CustomerDecision = CustomerFacts &
  (
    | { action: 'create'; input: CustomerInput }
    | { action: 'update'; existing: KnownCustomer; input: CustomerInput }
    | { action: 'unchanged'; existing: KnownCustomer }
    | { action: 'reject'; problems: Problem[] }
  );

/** What the row says; what it leaves blank is left out, so that it stays as it is. */
export function inputOf(plan: ImportPlan, { cells, customer }: CustomerFacts): CustomerInput {
  const { ccEmails, active, ...given } = customer;
  const saysActive = cleanCell(cells[plan.columns.active ?? -1]) !== '';
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(said) as Omit<typeof given, 'displayName'>),
    displayName: customer.displayName,
    ...(ccEmails.length > 0 ? { ccEmails } : {}),
    ...(saysActive ? { active } : {}),
  };
}

const differs = (existing: KnownCustomer, input: CustomerInput): boolean =>
  Object.entries(input).some(([key, value]) => {
    const now = existing[key as keyof KnownCustomer];
    return value !== undefined && canonicalJson(value) !== canonicalJson(now);
  });

function refuseTwice(plan: ImportPlan, facts: CustomerFacts, of: string, by: FieldKey): Problem {
  const what = by === 'externalId' ? 'external ID' : 'name';
  const value = by === 'externalId' ? (facts.customer.externalId ?? '') : facts.customer.displayName;
  return { column: columnOf(plan, by), value, reason: `${of} has the same ${what}. Leave one of them.` };
}

/**
 * What a row of the file does to the books: adds a customer, changes one, nothing, or why it cannot come
 * in.
 */
export function decideCustomer(
  plan: ImportPlan,
  facts: CustomerFacts,
  findings: CustomerFindings,
): CustomerDecision {
  const reject = (problem: Problem): CustomerDecision => ({
    ...facts,
    action: 'reject',
    problems: [problem],
  });
  const { customer, duplicate } = facts;
  if (duplicate) return reject(refuseTwice(plan, facts, `Line ${duplicate.of} of the file`, duplicate.by));
  const byName = findings.byName.get(customer.displayName);
  const byExternalId =
    customer.externalId === undefined ? undefined : findings.byExternalId.get(customer.externalId);
  // A name joins a customer of ours that has no external id yet with the books' record of it.
  const joins = customer.externalId === undefined || byName?.externalId === null;
  const existing = byExternalId ?? (joins ? byName : undefined);
  if (byName && byName.id !== existing?.id) {
    const whose = byName.externalId ? ` with the external ID ${quoted(byName.externalId)}` : '';
    const reason = `The name ${quoted(customer.displayName)} is another customer’s${whose}. Change one.`;
    return reject({ column: columnOf(plan, 'displayName'), value: customer.displayName, reason });
  }
  const input = inputOf(plan, facts);
  if (!existing) return { ...facts, action: 'create', input };
  if (facts.isOfThisImport(existing)) {
    const by = byExternalId ? 'externalId' : 'displayName';
    return reject(refuseTwice(plan, facts, 'An earlier line of the file', by));
  }
  return differs(existing, input)
    ? { ...facts, action: 'update', existing, input }
    : { ...facts, action: 'unchanged', existing };
}
