import { knownKinds } from '#features/audit-log/event-rules.ts';

/** What acts are on, as people look for them; each kind stands under one, by the word before its dot. */
export const areas = {
  invoices: { title: 'Invoices', of: ['invoice', 'e_invoice'] },
  estimates: { title: 'Estimates and credit memos', of: ['estimate', 'credit_memo'] },
  customers: { title: 'Customers', of: ['customer', 'text_consent', 'file'] },
  portal: { title: 'Portal', of: ['portal', 'payment_link', 'statement_link'] },
  payments: { title: 'Payments', of: ['payment', 'refund', 'payment_method', 'autopay'] },
  plans: { title: 'Schedules and payment plans', of: ['schedule', 'payment_plan'] },
  bank: { title: 'Deposits and chargebacks', of: ['deposit', 'payout', 'chargeback'] },
  chasing: {
    title: 'Collections and late fees',
    of: ['task', 'promise', 'dispute', 'reminder', 'dunning_policy', 'late_fee'],
  },
  messages: { title: 'Messages and tickets', of: ['message', 'ticket'] },
  imports: {
    title: 'Imports, exports and reports',
    of: ['import', 'report_mail', 'data_export', 'list_file', 'bulk_action'],
  },
  people: { title: 'People and sign-in', of: ['user', 'role', 'api_key', 'oidc_provider'] },
  settings: {
    title: 'Settings',
    of: [
      'organization',
      'billing',
      'gateway_account',
      'channel_account',
      'item',
      'tax_rate',
      'invoice_terms',
      'card_fee_policy',
      'late_fee_policy',
      'late_fee_ceiling',
    ],
  },
} as const;
export type Area = keyof typeof areas;
export const areaNames = Object.keys(areas) as [Area, ...Area[]];

const areaByPrefix = new Map<string, Area>(
  areaNames.flatMap((area) => areas[area].of.map((prefix) => [prefix, area] as const)),
);

/** What is new and has no place of its own yet is found with the settings. */
export const areaOf = (kind: string): Area =>
  areaByPrefix.get(kind.slice(0, kind.indexOf('.'))) ?? 'settings';

export const kindsOf = (area: Area): string[] => knownKinds.filter((kind) => areaOf(kind) === area);
