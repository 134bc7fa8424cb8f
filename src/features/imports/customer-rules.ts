import type { FieldKey } from './field-rules.ts';
import type { ImportPlan, Problem, SourceRow } from './row-rules.ts';
import { RowReader } from './row-rules.ts';

/** As the customers' own address: blank parts are left out. */
export type Address = {
  line1?: string;
  line2?: string;
  city?: string;
  region?: string;
  postal_code?: string;
  /** ISO 3166-1 alpha-2. */
  country?: string;
};

/** A customer as a row of a file describes it; what the row leaves blank is undefined. */
export type CustomerInput = {
  externalId: string | undefined;
  displayName: string;
  businessName: string | undefined;
  firstName: string | undefined;
  lastName: string | undefined;
  email: string | undefined;
  ccEmails: string[];
  phone: string | undefined;
  billingAddress: Address | undefined;
  shippingAddress: Address | undefined;
  customerType: string | undefined;
  active: boolean;
  /** What the row leaves blank comes from the defaults, or stays. */
  sendReminders: boolean | undefined;
  chargeLateFees: boolean | undefined;
  notes: string | undefined;
  termsDays: number | undefined;
};

export type CustomerRow = { lineNo: number; customer: CustomerInput };

export type CustomerOutcome =
  | { ok: true; value: CustomerRow }
  | { ok: false; lineNo: number; problems: Problem[] };

const addressKeys = {
  billing: {
    line1: 'billingAddress1',
    line2: 'billingAddress2',
    city: 'billingCity',
    region: 'billingRegion',
    postal_code: 'billingPostalCode',
  },
  shipping: {
    line1: 'shippingAddress1',
    line2: 'shippingAddress2',
    city: 'shippingCity',
    region: 'shippingRegion',
    postal_code: 'shippingPostalCode',
  },
} as const satisfies Record<string, Record<string, FieldKey>>;

const lines = ['line1', 'line2', 'city', 'region', 'postal_code'] as const;

function readAddress(row: RowReader, prefix: 'billing' | 'shipping'): Address | undefined {
  const address: Address = {};
  let filled = false;
  for (const line of lines) {
    const text = row.text(addressKeys[prefix][line]);
    if (text === undefined) continue;
    address[line] = text;
    filled = true;
  }
  const country = row.country(`${prefix}Country`);
  if (country !== undefined) address.country = country;
  // Spreadsheets drop the leading zero of American ZIP codes; none has four digits.
  if (country === 'US' && address.postal_code && /^\d{4}$/.test(address.postal_code)) {
    address.postal_code = `0${address.postal_code}`;
  }
  return filled || country !== undefined ? address : undefined;
}

function readMail(row: RowReader): { email: string | undefined; ccEmails: string[] } {
  const [email, ...others] = row.emails('email') ?? [];
  const ccEmails = new Map<string, string>();
  for (const cc of [...others, ...(row.emails('ccEmails') ?? [])]) {
    const key = cc.toLowerCase();
    if (key !== email?.toLowerCase() && !ccEmails.has(key)) ccEmails.set(key, cc);
  }
  return { email, ccEmails: [...ccEmails.values()] };
}

const nameKeys: readonly FieldKey[] = ['displayName', 'businessName', 'firstName', 'lastName'];

/** Read one row of a customer file: the customer, or everything that is wrong with the row. */
export function interpretCustomerRow(plan: ImportPlan, source: SourceRow): CustomerOutcome {
  const { lineNo, cells } = source;
  const row = new RowReader(plan, cells);
  if (row.problems) return { ok: false, lineNo, problems: row.problems };
  const businessName = row.text('businessName');
  const firstName = row.text('firstName');
  const lastName = row.text('lastName');
  const person = [firstName, lastName].filter((name) => name !== undefined).join(' ');
  const displayName = row.text('displayName') ?? businessName ?? (person === '' ? undefined : person);
  if (displayName === undefined && !nameKeys.some((key) => row.failed(key) && row.isMapped(key))) {
    const names = nameKeys.filter((key) => row.isMapped(key)).map((key) => row.column(key));
    row.refuse(
      names.join(', '),
      '',
      'The customer has no name. Fill in a display name, a business name or a person.',
    );
  }
  const customer = {
    externalId: row.text('externalId'),
    displayName: displayName ?? '',
    businessName,
    firstName,
    lastName,
    ...readMail(row),
    phone: row.text('phone'),
    billingAddress: readAddress(row, 'billing'),
    shippingAddress: readAddress(row, 'shipping'),
    customerType: row.text('customerType'),
    active: row.flag('active') ?? true,
    sendReminders: row.flag('sendReminders'),
    chargeLateFees: row.flag('chargeLateFees'),
    notes: row.text('notes'),
    termsDays: row.days('termsDays'),
  };
  if (row.problems) return { ok: false, lineNo, problems: row.problems };
  return { ok: true, value: { lineNo, customer } };
}
