import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { canonicalJson } from '#lib/json.ts';

const chunk = 5000;

type Row = { id: string; document: Record<string, unknown>; kept: Record<string, unknown> | null };

/**
 * Rebuild each issued invoice's document from its rows and compare it, byte for byte, with what the event log
 * kept when it was issued or last revised.
 */
export async function checkDocuments(
  tx: Tx,
  organizationId: string,
): Promise<{ checked: number; problems: string[] }> {
  const problems: string[] = [];
  let checked = 0;
  for (let after = ''; ; ) {
    const rows = await tx.rows<Row>(sql`
      select i.id, kept.document as kept, jsonb_build_object('number', i.number, 'customer_id', i.customer_id,
        'currency', i.currency, 'invoice_date', i.invoice_date, 'due_date', i.due_date, 'terms', i.terms,
        'po_number', i.po_number, 'memo', i.memo, 'subtotal', i.subtotal, 'tax', i.tax, 'total', i.total,
        'lines', coalesce((select jsonb_agg(jsonb_build_array(l.item_name, l.description, l.quantity, l.unit_price,
          l.amount, l.taxable, l.tax_rate) || case when l.discount = '' and l.service_date is null and l.taxes = '[]'
          then '[]'::jsonb else jsonb_build_array(l.discount, l.service_date, l.taxes) end order by l.line_no) from invoice_lines l
          where l.organization_id = i.organization_id and l.invoice_id = i.id), '[]'::jsonb))
        || case when i.discount_terms = '' then '{}' else jsonb_build_object('discount', i.discount,
          'discount_terms', i.discount_terms) end
        || case when i.tax_exempt_reason is null then '{}' else jsonb_build_object('tax_exempt_reason',
          i.tax_exempt_reason) end as document
      from invoices i
      left join lateral (select (e.data -> 'document') || coalesce((
            -- A merge of customers changes whose it is, and nothing else of it.
            select jsonb_build_object('customer_id', m.data ->> 'to') from events m
            where m.organization_id = e.organization_id and m.subject_id = i.id and m.type = 'invoice.moved' and m.id > e.id
            order by m.id desc limit 1), '{}') as document from events e
        where e.organization_id = i.organization_id and e.subject_id = i.id and e.type in ('invoice.issued', 'invoice.revised')
        order by e.id desc limit 1) kept on true
      where i.organization_id = ${organizationId} and i.issued_at is not null and i.voided_at is null and i.id > ${after}
      order by i.id limit ${chunk}`);
    for (const row of rows) {
      checked += 1;
      if (!row.kept) problems.push(`${row.id}: the event log does not have its document`);
      else if (canonicalJson(row.kept) !== canonicalJson(row.document))
        problems.push(`${row.id}: differs from the event log`);
    }
    const last = rows.at(-1);
    if (!last || rows.length < chunk) return { checked, problems };
    after = last.id;
  }
}
