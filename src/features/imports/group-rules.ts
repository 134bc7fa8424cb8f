import type { InvoiceDraft } from './draft-rules.ts';
import { columnOf, draftInvoice } from './draft-rules.ts';
import type { InvoiceOutcome, InvoiceRow } from './invoice-rules.ts';
import type { ImportPlan, Problem } from './row-rules.ts';

export type RowProblems = { lineNo: number; problems: Problem[] };

type Group = { rows: InvoiceRow[]; rejected: number[] };

/** Rows to invoices by number, wherever in the file they stand. One bad line holds its whole invoice back. */
export function groupInvoiceLines(
  plan: ImportPlan,
  outcomes: Iterable<InvoiceOutcome>,
): { drafts: InvoiceDraft[]; rejected: RowProblems[] } {
  const groups = new Map<string, Group>();
  const drafts: InvoiceDraft[] = [];
  const rejected: RowProblems[] = [];
  for (const outcome of outcomes) {
    const number = outcome.ok ? outcome.value.number : outcome.number;
    const group = groups.get(number) ?? { rows: [], rejected: [] };
    groups.set(number, group);
    if (outcome.ok) group.rows.push(outcome.value);
    else {
      group.rejected.push(outcome.lineNo);
      rejected.push({ lineNo: outcome.lineNo, problems: outcome.problems });
    }
  }
  for (const group of groups.values()) {
    const [first, ...others] = group.rows;
    if (!first) continue;
    const outcome =
      group.rejected.length > 0 ? heldBack(plan, group) : draftInvoice(plan, [first, ...others]);
    if (outcome.ok) drafts.push(outcome.value);
    else rejected.push(...group.rows.map(({ lineNo }) => ({ lineNo, problems: outcome.problems })));
  }
  rejected.sort((a, b) => a.lineNo - b.lineNo);
  return { drafts, rejected };
}

function heldBack(plan: ImportPlan, { rows, rejected }: Group): { ok: false; problems: Problem[] } {
  const reason = `Held back: line ${rejected[0]} of the same invoice has a problem. Correct that one.`;
  return {
    ok: false,
    problems: [{ column: columnOf(plan, 'number'), value: rows[0]?.number ?? '', reason }],
  };
}
