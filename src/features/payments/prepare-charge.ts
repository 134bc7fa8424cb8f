import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { findEarlier } from '#features/payments/find-earlier.ts';
import { routedGateways } from '#features/payments/gateways.ts';
import type { ChargeKind, PaymentSource } from '#features/payments/payment-gateway.ts';
import { isExpired, readMethods } from '#features/payments/queries.ts';
import { Refusal } from '#lib/errors.ts';

export type MethodChoice = { kind: ChargeKind; token: string; store: boolean } | { paymentMethodId: string };

export type PreparedCharge = {
  kind: ChargeKind;
  gatewayAccountId: string;
  gatewaySource: PaymentSource;
  paymentMethodId?: string;
};

/**
 * As prepareCharge, for whoever may ask a second time: a key that has its payment already is let through to
 * be answered by it, whatever has become of the method since.
 */
export async function prepareChargeOnce(
  tx: Tx,
  input: Parameters<typeof prepareCharge>[1] & { requestKey: string },
): Promise<PreparedCharge> {
  try {
    return await prepareCharge(tx, input);
  } catch (error) {
    const [earlier] =
      error instanceof Refusal ? await findEarlier(tx, input.organizationId, [input.requestKey]) : [];
    if (!earlier) throw error;
    return { kind: 'card', gatewayAccountId: '', gatewaySource: { kind: 'stored', token: '' } };
  }
}

/**
 * With what, and through which gateway: a stored method of this customer, or a new one that the customer may
 * use. Throws a refusal that names the field.
 */
export async function prepareCharge(
  tx: Tx,
  input: { organizationId: string; customerId: string; choice: MethodChoice; today: string },
): Promise<PreparedCharge> {
  const { organizationId, customerId, choice } = input;
  const customer = await tx.row<Allowed>(sql`
    select allow_card, allow_bank_account, allow_paypal from customers where organization_id = ${organizationId} and id = ${customerId}`);
  if (!customer)
    throw new Refusal('not_found', { message: 'There is no such customer.', param: 'customer_id' });
  if ('paymentMethodId' in choice) {
    const methods = await readMethods(tx, organizationId, customerId);
    const method = methods.find((row) => row.id === choice.paymentMethodId);
    if (!method)
      throw new Refusal('not_found', {
        message: 'This payment method is not on file.',
        param: 'payment_method_id',
      });
    if (method.state === 'needs_authorization') {
      throw new Refusal('state_refused', {
        message: 'This bank account still needs its owner’s signed authorization. Use another method.',
        param: 'payment_method_id',
      });
    }
    if (method.state !== 'active' || isExpired(method, input.today)) {
      throw new Refusal('state_refused', {
        message:
          method.state === 'active'
            ? 'This payment method has expired. Use another one.'
            : 'The bank returned a debit of this account, which blocked it. Use another payment method.',
        param: 'payment_method_id',
      });
    }
    refuseBarred(customer, method.kind);
    return {
      kind: method.kind,
      gatewayAccountId: method.gatewayAccountId,
      paymentMethodId: method.id,
      gatewaySource: { kind: 'stored', token: method.storedToken },
    };
  }
  refuseBarred(customer, choice.kind);
  const gateway = (await routedGateways(tx, organizationId))[choice.kind];
  if (!gateway)
    throw new Refusal(
      'unavailable',
      `No payment gateway is connected for payments by ${kindWords[choice.kind]} yet.`,
    );
  return {
    kind: choice.kind,
    gatewayAccountId: gateway.id,
    gatewaySource: { kind: 'one_time', token: choice.token, store: choice.store },
  };
}

const kindWords = { card: 'card', bank_account: 'bank account', paypal: 'PayPal' };

type Allowed = { allowCard: boolean; allowBankAccount: boolean; allowPaypal: boolean };

function refuseBarred(customer: Allowed, kind: ChargeKind): void {
  const allowed = {
    card: customer.allowCard,
    bank_account: customer.allowBankAccount,
    paypal: customer.allowPaypal,
  };
  if (allowed[kind]) return;
  throw new Refusal('state_refused', `This customer does not pay by ${kindWords[kind]}.`);
}
