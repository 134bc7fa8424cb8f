import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type PricedLine, withoutTaxInside } from '#features/e-invoices/net-rules.ts';
import type { EInvoiceFormat, Facts } from '#features/e-invoices/rules.ts';
import type { PostalAddress } from '#lib/address-lines.ts';

type Row = Omit<Facts, 'lines' | 'seller' | 'buyer'> & {
  id: string;
  lines: (Omit<PricedLine, 'amount'> & { amount: string })[];
  wants: EInvoiceFormat;
  sellerName: string;
  sellerLegalName: string | null;
  sellerAddress: PostalAddress;
  sellerEmail: string | null;
  sellerPhone: string | null;
  sellerTaxId: string | null;
  buyerName: string;
  buyerAddress: PostalAddress;
  buyerEmail: string | null;
  buyerPhone: string | null;
  buyerTaxId: string | null;
};

export type ReadFacts = { id: string; wants: EInvoiceFormat; facts: Facts };

const parties = sql.raw(`coalesce(b.format, p.format, 'none') as wants, b.buyer_reference,
  o.name as seller_name, o.legal_name as seller_legal_name, o.address as seller_address, o.email as seller_email,
  o.phone as seller_phone, o.tax_id as seller_tax_id, coalesce(nullif(c.business_name, ''), c.display_name) as buyer_name,
  c.billing_address as buyer_address, c.email as buyer_email, c.phone as buyer_phone, b.tax_id as buyer_tax_id`);
const joined = sql.raw(`join organizations o on o.id = i.organization_id
  join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
  left join e_invoice_policies p on p.organization_id = i.organization_id
  left join e_invoice_buyers b on b.organization_id = i.organization_id and b.customer_id = i.customer_id`);

/** What of the rates of a line is inside its price. */
const inclusiveRate = sql.raw(`(select coalesce(trim_scale(sum((t ->> 'percent')::numeric)), 0)::text
  from jsonb_array_elements(l.taxes) t where (t ->> 'inclusive')::boolean)`);

/** What invoices say to machines, and which of their languages their customers want. */
export async function readInvoiceFacts(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<ReadFacts[]> {
  const rows = await tx.rows<Row>(sql`
    select i.id, '380' as type_code, i.number, i.invoice_date as issued_on, i.due_date as due_on, i.currency,
      i.memo as note, i.terms, i.po_number, i.tax, i.total, i.discount, i.applied + i.credited + i.written_off as paid,
      '[]'::jsonb as precedes, ${parties},
      (select jsonb_agg(jsonb_build_object('itemName', l.item_name, 'description', l.description,
        'quantity', l.quantity, 'unitPrice', l.unit_price, 'amount', l.amount::text, 'taxable', l.taxable,
        'taxRate', l.tax_rate, 'inclusiveRate', ${inclusiveRate}) order by l.line_no)
        from invoice_lines l where l.organization_id = i.organization_id and l.invoice_id = i.id) as lines
    from invoices i ${joined}
    where i.organization_id = ${organizationId} and i.id = any(${[...ids]}::text[]) order by i.id`);
  return rows.map(factsOf);
}

/** What a credit memo says to machines: where tax was given as an amount, the rate that this comes to. */
export async function readCreditMemoFacts(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<ReadFacts | undefined> {
  const row = await tx.row<Row>(sql`
    select i.id, '381' as type_code, i.number, i.memo_date as issued_on, null as due_on, i.currency, i.reason as note,
      null as terms, null as po_number, i.tax, i.total, 0::bigint as discount, 0::bigint as paid, ${parties},
      (select coalesce(jsonb_agg(distinct jsonb_build_object('number', v.number, 'issuedOn', v.invoice_date)), '[]')
        from credit_applications a join invoices v on v.organization_id = a.organization_id and v.id = a.invoice_id
        where a.organization_id = i.organization_id and a.credit_memo_id = i.id
          and a.state = 'applied') as precedes,
      (select jsonb_agg(jsonb_build_object('itemName', l.item_name, 'description', l.description,
        'quantity', l.quantity, 'unitPrice', l.unit_price, 'amount', l.amount::text, 'taxable', l.taxable or l.tax > 0,
        'taxRate', case when l.tax > 0 then trim_scale(round(l.tax * 100.0 / nullif(l.amount, 0), 2))::text
          else l.tax_rate end, 'inclusiveRate', ${inclusiveRate}) order by l.line_no)
        from credit_memo_lines l where l.organization_id = i.organization_id and l.credit_memo_id = i.id) as lines
    from credit_memos i ${joined} where i.organization_id = ${organizationId} and i.id = ${id}`);
  return row && factsOf(row);
}

function factsOf(row: Row): ReadFacts {
  const { id, wants, lines, ...rest } = row;
  return {
    id,
    wants,
    facts: {
      ...rest,
      lines: withoutTaxInside(
        (lines ?? []).map((line) => ({ ...line, amount: BigInt(line.amount) })),
        rest,
      ),
      seller: {
        name: row.sellerName,
        legalName: row.sellerLegalName,
        address: row.sellerAddress,
        email: row.sellerEmail,
        phone: row.sellerPhone,
        taxId: row.sellerTaxId,
      },
      buyer: {
        name: row.buyerName,
        legalName: null,
        address: row.buyerAddress,
        email: row.buyerEmail,
        phone: row.buyerPhone,
        taxId: row.buyerTaxId,
      },
    },
  };
}
