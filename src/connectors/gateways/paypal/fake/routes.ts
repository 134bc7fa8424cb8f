import { postApproval, postCancel, showCheckout } from './checkout-page.ts';
import { getDispute, listDisputes, provideEvidence } from './dispute-routes.ts';
import { captureOrder, createOrder, getOrder, type House, patchOrder } from './order-routes.ts';
import { getCapture, getRefund, refundCapture } from './payment-routes.ts';
import { listTransactions, type Reporting } from './reporting-routes.ts';
import { certificateChain } from './sign-webhook.ts';
import { type App, getWebhook, postToken, type Tokens } from './token-routes.ts';
import { type Call, notThere, type Reply } from './wire.ts';

export type Route = {
  method: string;
  path: RegExp;
  run: (call: Call) => Reply;
  /** Needs no token: PayPal's pages, certificates, and the token itself. */
  open?: boolean;
  /** Moves money: faults are meant for it. */
  effect?: boolean;
  /** How long a request id is remembered, and the status of a repeated answer. */
  keeps_ms?: number;
  repeatedStatus?: number;
};

type Parts = { app: App; tokens: Tokens; endpoint: string | undefined; reporting: Reporting };

const hour_ms = 3_600_000;
const id = '([A-Za-z0-9-]{1,64})';
const path = (pattern: string): RegExp => new RegExp(`^${pattern}$`);

const certificateReply = (call: Call): Reply => {
  const text = certificateChain(call.id);
  return text ? { status: 200, text, headers: { 'content-type': 'application/x-pem-file' } } : notThere();
};

export function routesOf(house: House, parts: Parts): readonly Route[] {
  const { app, tokens, endpoint, reporting } = parts;
  const orders = '/v2/checkout/orders';
  const disputes = '/v1/customer/disputes';
  const open = true;
  return [
    {
      method: 'POST',
      path: path('/v1/oauth2/token'),
      run: (call) => postToken(house.books, tokens, app, call),
      open,
    },
    { method: 'GET', path: path('/checkoutnow'), run: (call) => showCheckout(house, call), open },
    { method: 'POST', path: path('/checkoutnow/approve'), run: (call) => postApproval(house, call), open },
    { method: 'POST', path: path('/checkoutnow/cancel'), run: (call) => postCancel(house, call), open },
    { method: 'GET', path: path(`/v1/notifications/certs/${id}`), run: certificateReply, open },
    {
      method: 'GET',
      path: path(`/v1/notifications/webhooks/${id}`),
      run: (call) => getWebhook(app, endpoint, call),
    },
    {
      method: 'POST',
      path: path(orders),
      run: (call) => createOrder(house, call),
      keeps_ms: 6 * hour_ms,
      repeatedStatus: 200,
    },
    { method: 'GET', path: path(`${orders}/${id}`), run: (call) => getOrder(house, call) },
    { method: 'PATCH', path: path(`${orders}/${id}`), run: (call) => patchOrder(house, call) },
    {
      method: 'POST',
      path: path(`${orders}/${id}/capture`),
      run: (call) => captureOrder(house, call),
      effect: true,
      keeps_ms: 6 * hour_ms,
      repeatedStatus: 200,
    },
    { method: 'GET', path: path(`/v2/payments/captures/${id}`), run: (call) => getCapture(house, call) },
    {
      method: 'POST',
      path: path(`/v2/payments/captures/${id}/refund`),
      run: (call) => refundCapture(house, call),
      effect: true,
      keeps_ms: 45 * 24 * hour_ms,
    },
    { method: 'GET', path: path(`/v2/payments/refunds/${id}`), run: (call) => getRefund(house, call) },
    { method: 'GET', path: path(disputes), run: (call) => listDisputes(house, call) },
    { method: 'GET', path: path(`${disputes}/${id}`), run: (call) => getDispute(house, call) },
    {
      method: 'POST',
      path: path(`${disputes}/${id}/provide-evidence`),
      run: (call) => provideEvidence(house, call),
    },
    {
      method: 'GET',
      path: path('/v1/reporting/transactions'),
      run: (call) => listTransactions(house, call, reporting),
    },
  ];
}
