import { customersCsv, customersXlsx } from '#features/customers/list-files/api.ts';
import type { CustomersSearch } from '#features/customers/ui/staff/customers-page.tsx';
import { urlOf } from '#ui/call.ts';
import { ExportLinks } from '#ui/export-links.tsx';

type Props = { search: Omit<CustomersSearch, 'add'> };

export const ExportCustomers = ({ search }: Props) => (
  <ExportLinks csv={urlOf(customersCsv, { query: search })} xlsx={urlOf(customersXlsx, { query: search })} />
);
