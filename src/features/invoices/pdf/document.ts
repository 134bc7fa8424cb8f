import type { Theme } from '#features/invoices/layout-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import type { Money } from '#lib/money.ts';

/** The business that bills, as it wants to be seen on paper. */
export type Letterhead = {
  name: string;
  /** Printed under the name where it differs. */
  legalName?: string;
  addressLines: string[];
  email?: string;
  phone?: string;
  website?: string;
  /** With its own label: `EIN 93-1234567`. */
  taxId?: string;
  logo?: { bytes: Uint8Array; type: 'image/png' | 'image/jpeg' | 'image/svg+xml' };
  /** `#rrggbb`. Any colour will do: text in it is darkened until it can be read. */
  color: string;
  /** `#rrggbb`: rules and bands, where there is a second colour. */
  accent?: string;
};

export type Addressee = { name: string; addressLines: string[] };

/** Money that has a name of its own on the page: a tax, a discount. */
export type LabelledAmount = { label: string; amount: Money };

/** What both documents need in order to be set. */
type Sheet = {
  organization: Letterhead;
  number: string;
  paper: 'letter' | 'a4';
  /** Decides separators and dates, not the language of the labels: these are English. */
  locale: string;
  currency: string;
  /** Of this version of the document; the only clock that reaches the bytes. */
  createdAt: Date;
  /** Closing words at the foot of the last page. */
  footer?: string;
};

export type InvoiceLine = {
  item?: string;
  description?: string;
  serviceDate?: CalendarDate;
  /** A decimal string: `2.5`. */
  quantity?: string;
  unitPrice?: Money;
  /** As it was agreed: `10%`, `5.00`. */
  discount?: string;
  /** Names of the rates on this line. */
  taxes?: string[];
  amount: Money;
  taxable?: boolean;
};

/** Columns To Display of the Invoice Defaults; service date, discount and taxes are off unless asked for. */
export type InvoiceColumns = {
  item?: boolean;
  serviceDate?: boolean;
  description?: boolean;
  quantity?: boolean;
  unitPrice?: boolean;
  discount?: boolean;
  taxes?: boolean;
  amount?: boolean;
};

export type InvoiceDocument = Sheet & {
  status: 'draft' | 'open' | 'paid' | 'void';
  theme?: Theme;
  customer: Addressee;
  shipTo?: Addressee;
  /** The labels that an organization may rename. */
  labels?: { billTo?: string; shipTo?: string };
  invoiceDate: CalendarDate;
  dueDate: CalendarDate;
  terms?: string;
  poNumber?: string;
  columns?: InvoiceColumns;
  lines: InvoiceLine[];
  subtotal: Money;
  /** As positive amounts; printed with a minus sign. */
  discounts?: LabelledAmount[];
  taxes: LabelledAmount[];
  /** Taxes inside the prices: told below the total, never added. */
  taxesInside?: LabelledAmount[];
  total: Money;
  /** Payments applied, positive. */
  applied: Money;
  /** Credit memos applied, positive. */
  credits: Money;
  balanceDue: Money;
  /** What is due by each way of paying, where these differ. */
  prices?: LabelledAmount[];
  memo?: string;
  /** Printed as a link, a short text and a QR code while something is due. */
  payUrl?: string;
  /** Where checks go. When given and something is due, the last page ends in a slip to tear off. */
  remitTo?: Addressee;
};

/** What was signed, word for word, and how that is known. */
export type AuthorizationDocument = Sheet & {
  customer: Addressee;
  signedOn: CalendarDate;
  /** `Checking •••• 6789`. */
  method: string;
  words: string;
  signer: string;
  /** How it was signed, in words. */
  how: string;
  /** A PNG; else the name stands for it. */
  drawing?: Uint8Array;
  evidence: [label: string, value: string | undefined][];
};

export type ReceiptDocument = Sheet & {
  customer: Addressee;
  /** A bank debit is `processing` until it has settled: the page then says so and is no receipt yet. */
  status: 'processing' | 'received';
  paymentDate: CalendarDate;
  /** For `processing`: when the money is expected to have settled. */
  expectedBy?: CalendarDate;
  /** In full: `Visa •••• 4242`, `Bank account •••• 6789`, `Check 1042`. */
  method: string;
  /** The gateway's or the payer's own reference. */
  reference?: string;
  /** What the payer was charged. */
  amount: Money;
  /** Parts of `amount` that pay no invoice: a surcharge, a convenience fee. */
  fees?: LabelledAmount[];
  applications: {
    number: string;
    invoiceDate: CalendarDate;
    total: Money;
    applied: Money;
    balanceDue: Money;
  }[];
  /** What stays with the customer as unapplied cash. */
  unapplied: Money;
  memo?: string;
};

/** A letter that is folded into an envelope with windows. */
export type LetterDocument = Sheet & {
  to: Addressee;
  /** Above the text, as the reader's subject. */
  subject: string;
  date: CalendarDate;
  body: string;
  /** True: both addresses are printed here. False: their place stays empty, for the printer writes them. */
  addresses: boolean;
  /** What the letter asks for, where it is about one invoice. */
  owed?: Pick<InvoiceDocument, 'customer' | 'number' | 'dueDate' | 'balanceDue' | 'remitTo'>;
  /** Of that invoice, or of all that its customer owes. */
  payUrl?: string | undefined;
};

/** A formal reminder: which invoices are past due, by how much, and what is asked of the customer. */
export type ReminderDocument = Sheet & {
  customer: Addressee;
  /** 1 for the first formal reminder of these invoices. */
  level: number;
  madeOn: CalendarDate;
  /** What the letter says above the table. */
  words: string;
  invoices: {
    number: string;
    invoiceDate: CalendarDate;
    dueDate: CalendarDate;
    daysLate: number;
    total: Money;
    balanceDue: Money;
  }[];
  balanceDue: Money;
};
