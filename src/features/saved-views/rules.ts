import type { Scope } from '#lib/endpoint.ts';

export const viewedLists = [
  'invoices',
  'customers',
  'payments',
  'estimates',
  'credit_memos',
  'schedules',
  'deposits',
  'chargebacks',
  'worklist',
  'messages',
  'tickets',
] as const;
export type ViewedList = (typeof viewedLists)[number];

/** Who may not read a list has no views of it. */
export const scopeOfList: Record<ViewedList, Scope> = {
  invoices: 'invoices:read',
  customers: 'customers:read',
  payments: 'payments:read',
  estimates: 'invoices:read',
  credit_memos: 'invoices:read',
  schedules: 'payments:read',
  deposits: 'payments:read',
  chargebacks: 'payments:read',
  worklist: 'customers:read',
  messages: 'messages:read',
  tickets: 'customers:read',
};

/** More than this nobody finds their way in. */
export const mostViews = 30;

export type Search = Readonly<Record<string, string>>;

/** What a view asks for that may not be there any more. */
export type Asked = { customerId?: string; customerType?: string; gatewayAccountId?: string };
export const askedOf = (search: Search): Asked => ({
  ...(search.customer_id ? { customerId: search.customer_id } : {}),
  ...(search.customer_type ? { customerType: search.customer_type } : {}),
  ...(search.gateway_account_id ? { gatewayAccountId: search.gateway_account_id } : {}),
});

export type Known = {
  customers: ReadonlyMap<string, { mergedInto: string | null }>;
  customerTypes: ReadonlySet<string>;
  gatewayAccounts: ReadonlyMap<string, { connected: boolean }>;
};

/** What is wrong with the filters of a view, in words; none: it shows what it says. */
export function problemsOf(search: Search, known: Known): string[] {
  const { customerId, customerType, gatewayAccountId } = askedOf(search);
  const problems: string[] = [];
  const customer = customerId ? known.customers.get(customerId) : undefined;
  if (customerId && !customer) problems.push('Its customer is not there any more. Choose another one.');
  else if (customer?.mergedInto)
    problems.push(`Its customer was merged into ${customer.mergedInto}. Choose that one.`);
  if (customerType && !known.customerTypes.has(customerType))
    problems.push(`No customer has the type ${customerType} any more. Choose another type.`);
  if (gatewayAccountId && !known.gatewayAccounts.get(gatewayAccountId)?.connected)
    problems.push('Its payment gateway is not connected any more. Choose another one.');
  return problems;
}
