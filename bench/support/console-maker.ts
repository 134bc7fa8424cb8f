import type { Size } from './console-books.ts';
import { sqlId } from './database.ts';
import { personOf } from './person-of.ts';

export type Make = ReturnType<typeof maker>;
export function maker(organizationId: string, tag: number, { customers, invoices }: Size) {
  const id = (prefix: string, number = 'n') => sqlId(prefix, `(${tag}::bigint * 100000000 + ${number})`);
  return {
    customers,
    invoices,
    id,
    customer: id('cus', `(1 + n % ${customers})`),
    person: `'${personOf(tag)}'`,
    gateway: `(select id from gateway_accounts where organization_id = '${organizationId}')`,
    /** One row for each number, over the two years. */
    rows: (table: string, values: Record<string, string>, count: number) => {
      const columns = { organization_id: `'${organizationId}'`, ...values };
      return `insert into ${table} (${Object.keys(columns)}) select ${Object.values(columns)}
        from generate_series(1, ${Math.ceil(count)}) n cross join lateral (select 10000 + (n::bigint * 104729 % 900000) as t,
          date '2024-11-27' + (n * 730::bigint / ${Math.ceil(count)})::int as d) x`;
    },
  };
}
