import type { PaymentGateway } from '#features/payments/payment-gateway.ts';
import { systemNow } from '#lib/dates.ts';
import { type AuthorizeNetAccount, authorizeNetApi } from './api.ts';
import { chargePort } from './charge.ts';
import type { Reporting } from './find-transactions.ts';
import { refundPort } from './refunds.ts';
import { chargebackPort, payoutPort } from './settlements.ts';
import { vault } from './vault.ts';
import { readNotification, signatureHeader } from './webhooks.ts';

export type AuthorizeNetOptions = AuthorizeNetAccount & {
  signatureKey: string;
  /** Rows a page of a list; what Authorize.Net allows at most. */
  pageSize?: number;
};

/** The connector to Authorize.Net, by its JSON API. */
export function authorizeNetGateway(options: AuthorizeNetOptions): PaymentGateway {
  const api = authorizeNetApi(options);
  const reporting: Reporting = { api, pageSize: options.pageSize ?? 1_000 };
  return {
    ...chargePort(reporting),
    // A page of ours, because the vendor's form comes as a script that opens it.
    hostedFields({ parentOrigin, fieldsUrl }) {
      const query = new URLSearchParams({ parent: parentOrigin });
      return {
        origin: new URL(fieldsUrl).origin,
        cardUrl: `${fieldsUrl}/card?${query}`,
        bankAccountUrl: `${fieldsUrl}/bank_account?${query}`,
      };
    },
    async readWebhook(raw, headers) {
      return readNotification(options.signatureKey, raw, {
        header: headers[signatureHeader],
        now: systemNow(),
      });
    },
    methods: vault(api),
    refunds: refundPort(reporting),
    chargebacks: chargebackPort(reporting),
    payouts: payoutPort(reporting),
  };
}
