import * as api from '#features/customers/list-files/api.ts';
import { listCustomers } from '#features/customers/queries.ts';
import { csvFile, type FileColumn, pagesOf, xlsxFile } from '#features/downloads/list-file.ts';
import type { App } from '#http/app.ts';
import { type FileContext, serveText } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { toDecimal } from '#lib/money.ts';

type Customer = Awaited<ReturnType<typeof listCustomers>>['data'][number];

const columns: readonly FileColumn<Customer>[] = [
  ['Display name', 'text', ({ display_name: name }) => name],
  ['Your id', 'text', ({ external_id: id }) => id ?? ''],
  ['Business name', 'text', ({ business_name: name }) => name ?? ''],
  ['First name', 'text', ({ first_name: name }) => name ?? ''],
  ['Last name', 'text', ({ last_name: name }) => name ?? ''],
  ['E-mail', 'text', ({ email }) => email ?? ''],
  ['Copies to', 'text', ({ cc_emails: cc }) => cc.join('; ')],
  ['Phone', 'text', ({ phone }) => phone ?? ''],
  ['Type', 'text', ({ customer_type: type }) => type ?? ''],
  ['Active', 'text', ({ active }) => (active ? 'Y' : 'N')],
  ['Portal', 'text', ({ portal }) => portal.state],
  ['Currency', 'text', ({ currency }) => currency],
  ['Open', 'money', ({ open_balance: open, currency }) => toDecimal(open, currency)],
  ['Past due', 'money', ({ past_due_balance: late, currency }) => toDecimal(late, currency)],
];

const perPage = 500;

/** The list as a file, of any number of rows: the same filter in the same order. */
export function customerListFileRoutes(app: App): void {
  const asked = ({ caller, query }: FileContext<typeof api.customersCsv>) => {
    const { actor, organization, now } = caller;
    const today = dateIn(organization.timeZone, now);
    const about = { organizationId: organization.id, currency: organization.currency, today };
    const pages = pagesOf(app.db, actor, async (tx, startingAfter) => {
      const page = { ...camel(query), limit: perPage, startingAfter };
      const { data, has_more: hasMore } = await listCustomers(tx, about, page);
      return { rows: data, hasMore };
    });
    return { pages, name: `customers-${today}` };
  };
  serveText(app, api.customersCsv, (context) => {
    const { pages, name } = asked(context);
    return { fileName: `${name}.csv`, text: csvFile(columns, pages) };
  });
  serveText(app, api.customersXlsx, (context) => {
    const { pages, name } = asked(context);
    return { fileName: `${name}.xlsx`, text: xlsxFile('Customers', columns, pages) };
  });
}
