import { z } from 'zod';
import type { Redirect } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import { answerOf, errorOf, type PaypalApi } from './paypal-api.ts';
import { toPaypalMoney } from './paypal-money.ts';

const beginShape = z.object({
  id: z.string().min(1),
  links: z.array(z.object({ href: z.string(), rel: z.string() })),
});

const description_max = 127;

/**
 * An order for one checkout: the payer agrees to it on PayPal's own page, where Venmo and Pay Later are
 * offered as well, and comes back with its id.
 */
export function beginCheckout(api: PaypalApi): Redirect['begin'] {
  return async (input) => {
    const json = {
      intent: 'CAPTURE',
      purchase_units: [
        {
          reference_id: input.checkoutId,
          custom_id: input.checkoutId,
          amount: toPaypalMoney(input.amount, input.currency),
          ...(input.description && { description: input.description.slice(0, description_max) }),
        },
      ],
      payment_source: {
        paypal: {
          experience_context: {
            return_url: input.returnUrl,
            cancel_url: input.cancelUrl,
            user_action: 'PAY_NOW',
            shipping_preference: 'NO_SHIPPING',
            // Also payments from a bank account that take days: they are shown as processing until then.
            payment_method_preference: 'UNRESTRICTED',
          },
        },
      },
    };
    const result = await api.send({
      method: 'POST',
      path: '/v2/checkout/orders',
      json,
      idempotencyKey: input.checkoutId,
    });
    const order = answerOf(result, beginShape);
    const link = order?.links.find((each) => each.rel === 'payer-action' || each.rel === 'approve');
    if (order && link && URL.canParse(link.href)) return { url: link.href, token: order.id };
    const error = errorOf(result);
    // What this one payment asks for is wrong; everything else is wrong with PayPal or with the account.
    if (error && (error.status === 400 || error.status === 422))
      throw new Refusal('invalid_request', `PayPal refused the payment: ${error.description || error.issue}`);
    throw new Refusal(
      'unavailable',
      'PayPal cannot be reached at the moment. Try again, or pay another way.',
    );
  };
}
