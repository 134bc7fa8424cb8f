import { listCustomers } from '#features/customers/api.ts';
import type { Customer, CustomersSearch } from '#features/customers/ui/staff/customers-page.tsx';
import { toDecimal } from '#lib/money.ts';
import { call } from '#ui/call.ts';
import type { ExportColumn } from '#ui/export-button.tsx';
import { ExportButton } from '#ui/export-button.tsx';

const columns: ExportColumn<Customer>[] = [
  ['Display name', ({ display_name: name }) => name],
  ['Your id', ({ external_id: id }) => id ?? ''],
  ['Business name', ({ business_name: name }) => name ?? ''],
  ['First name', ({ first_name: name }) => name ?? ''],
  ['Last name', ({ last_name: name }) => name ?? ''],
  ['E-mail', ({ email }) => email ?? ''],
  ['Copies to', ({ cc_emails: cc }) => cc.join('; ')],
  ['Phone', ({ phone }) => phone ?? ''],
  ['Active', ({ active }) => (active ? 'Y' : 'N')],
  ['Portal', ({ portal }) => portal.state],
  ['Open', ({ open_balance: open, currency }) => toDecimal(open, currency)],
  ['Past due', ({ past_due_balance: late, currency }) => toDecimal(late, currency)],
];

type Props = { search: Omit<CustomersSearch, 'add'> };

export function ExportCustomers({ search }: Props) {
  return (
    <ExportButton
      fileName="customers.csv"
      columns={columns}
      page={(after) => call(listCustomers, { query: { ...search, limit: 100, starting_after: after } })}
    />
  );
}
