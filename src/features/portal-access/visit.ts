import type { Tx } from '#db/db.ts';
import type { CustomerRow } from '#features/customers/queries.ts';
import type { PayerScope } from '#features/invoices/portal-queries.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import type { PayerActor } from '#features/payments/portal-await-payment.ts';
import type { Notice } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** Someone before the invoices of a customer: signed in, or by a statement link. */
export type Visit = {
  /** Where its pages begin: `/portal`, or the link itself. */
  base: string;
  signedIn: boolean;
  seller: OrganizationRow;
  customer: CustomerRow;
  scope: PayerScope;
  actor: PayerActor;
  now: Date;
  today: string;
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  shell(flash?: Notice): PortalShell;
};

/** They do business in parts: the organization allows it, and this customer may. */
export const mayPayParts = ({ seller, customer }: Pick<Visit, 'seller' | 'customer'>): boolean =>
  seller.allowPartialPayments && customer.allowPartialPayments;
