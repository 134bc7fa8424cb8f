import type { Actor, Tx } from '#db/db.ts';
import type { CustomerRow } from '#features/customers/queries.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import { storeMethod } from '#features/payment-methods/store-method.ts';
import { type Gateways, routedGateways } from '#features/payments/gateways.ts';
import type { Consent } from '#features/payments/portal-write-consents.ts';
import { agreesToAutopay, autopayLabel } from '#features/portal-access/autopay-box.ts';
import { fieldSlots, originsOf } from '#features/portal-access/gateway-fields-routes.ts';
import { type Ask, textOf } from '#features/portal-access/page-routes.ts';
import { slotsOf } from '#features/portal-access/pay-panel.ts';
import { Refusal } from '#lib/errors.ts';
import { isId, newId } from '#lib/ids.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import type { AddMethodPage } from '#web/portal/views/payment-methods-page.ts';

/** Who adds a method: someone signed in, or who came by an invitation. */
export type Adder = {
  seller: OrganizationRow;
  customer: CustomerRow;
  actor: Actor;
  now: Date;
  addedBy?: 'payer';
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** What is agreed to by the box that enables autopay; undefined where there is none. */
  autopay?: Consent | undefined;
  /** What has to be written with the method, or not at all. */
  alongside?: (tx: Tx) => Promise<void>;
};

export type AddForm = Pick<AddMethodPage, 'idempotencyKey' | 'slots' | 'chosen' | 'autopay'>;

/** What the form needs; `frameOrigins` are for the page's policy. */
export async function addForm(
  ask: Ask,
  deps: { gateways: Gateways },
  adder: Adder,
): Promise<{ form: AddForm; frameOrigins: string[] }> {
  const routed = await adder.read((tx) => routedGateways(tx, adder.seller.id));
  const fields = fieldSlots(ask, deps.gateways, routed);
  if (fields.length === 0)
    throw new Refusal('unavailable', 'No payment provider is connected yet, so nothing can be saved.');
  const kind = textOf(ask.request, 'kind', 20);
  return {
    frameOrigins: originsOf(fields),
    form: {
      idempotencyKey: newId('paymentMethod'),
      slots: slotsOf(fields, adder.customer),
      ...(adder.autopay ? { autopay: { words: autopayLabel(adder.autopay.text) } } : {}),
      ...(kind === 'bank_account' || kind === 'card' ? { chosen: kind } : {}),
    },
  };
}

export type Added = { methodId: string; needsSignature: boolean };

/** Store what was posted, or say what is missing. A bank account is stored unusable: its owner signs next. */
export async function takeMethod(
  ask: Ask,
  deps: { gateways: Gateways },
  adder: Adder,
): Promise<Added | FormState> {
  const { seller, customer, actor, now } = adder;
  const [kind, token, methodId] = [
    textOf(ask.request, 'kind', 20),
    textOf(ask.request, 'token', 300),
    textOf(ask.request, 'idempotency_key', 40),
  ];
  const isBank = kind === 'bank_account';
  const routed = await adder.read((tx) => routedGateways(tx, seller.id));
  const account = isBank ? routed.bank_account : routed.card;
  if (!account || !isId('paymentMethod', methodId))
    throw new Refusal('invalid_request', 'Open the page again and retry.');
  if (!(isBank ? customer.allowBankAccount : kind === 'card' && customer.allowCard))
    return { message: 'Choose what you would like to add.' };
  if (token === '') return { message: 'Enter the details in the secure fields, which need JavaScript.' };
  const { addedBy, alongside } = adder;
  try {
    const stored = await storeMethod(
      { db: ask.app.db, gateways: deps.gateways },
      actor,
      {
        organizationId: seller.id,
        customerId: customer.id,
        methodId,
        account,
        token,
        consents: adder.autopay && agreesToAutopay(ask, adder.autopay.text) ? [adder.autopay] : [],
        ...(addedBy ? { addedBy } : {}),
        ...(alongside ? { alongside } : {}),
      },
      now,
    );
    return { methodId, needsSignature: stored.kind === 'bank_account' };
  } catch (error) {
    if (error instanceof Refusal) return { message: error.message };
    throw error;
  }
}
