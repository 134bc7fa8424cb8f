/**
 * What came back in PayPal's custom field, when it is an id of ours: the same PayPal account may serve a
 * shop besides, which writes its own things there.
 */
const ours =
  (prefix: string) =>
  (text: string | undefined): string | undefined =>
    text !== undefined && new RegExp(`^${prefix}_[\\w-]{1,100}$`).test(text) ? text : undefined;

export const ourPaymentId = ours('pay');
export const ourRefundId = ours('ref');
