import { systemNow } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import type { GatewayLab, Trouble } from '../gateway-lab.ts';
import type { Buyer } from './fake/books.ts';
import { type Fault, type PaypalFake, type PaypalFakeOptions, startPaypalFake } from './fake/paypal-fake.ts';
import { fakeRoot, signedHeaders } from './fake/sign-webhook.ts';
import { newPaypalMemory, paypalGateway } from './paypal-gateway.ts';

export type PaypalLab = GatewayLab & {
  fake: PaypalFake;
  /** An order that this buyer has approved. */
  approvedBy(buyer: Buyer, of?: { amount?: bigint; currency?: string }): Promise<string>;
};

const troubles: Record<Trouble, Fault> = {
  dropBeforeCommit: 'drop_before_commit',
  dropAfterCommit: 'drop_after_commit',
  unavailableOnce: 'http_503_before_commit',
  rateLimitedOnce: 'rate_limited',
};

const taken = new Set(['COMPLETED', 'PENDING', 'PARTIALLY_REFUNDED', 'REFUNDED']);
const start = new Date('2026-03-02T15:00:00Z');

function gatewayAt(fake: PaypalFake, url: string, timeout_ms: number) {
  const { clientId, clientSecret, webhookId } = fake.app;
  return paypalGateway(
    {
      url,
      certificateOrigin: fake.url,
      certificateRoots: [fakeRoot()],
      clientId,
      clientSecret,
      webhookId,
      timeout_ms,
    },
    newPaypalMemory(),
  );
}

/** What the payer's browser does with the vendor's page: the form is sent, and the answer says where to. */
async function click(fake: PaypalFake, page: string, form: Record<string, string>): Promise<string> {
  const html = await (await fetch(page)).text();
  const token = /name="token" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const action = form.buyer === undefined ? 'cancel' : 'approve';
  const answer = await fetch(`${fake.url}/checkoutnow/${action}`, {
    method: 'POST',
    body: new URLSearchParams({ token, ...form }),
    redirect: 'manual',
  });
  return answer.headers.get('location') ?? '';
}

function booksOf({ books }: PaypalFake): Pick<GatewayLab, 'captured' | 'refunded'> {
  return {
    async captured() {
      return [...books.captures.values()]
        .filter((each) => taken.has(each.status))
        .map(({ customId = '', amount, order }) => ({
          paymentId: customId,
          amount,
          currency: order.currency,
        }));
    },
    async refunded() {
      return [...books.refunds.values()]
        .filter((each) => each.status !== 'FAILED')
        .map(({ customId = '', capture, amount }) => ({
          refundId: customId,
          paymentId: capture.customId ?? '',
          amount,
          currency: capture.order.currency,
        }));
    },
  };
}

/** A PayPal of its own, with an app, whose buyers agree when they are told to. */
export async function paypalLab(options: Partial<PaypalFakeOptions> = {}): Promise<PaypalLab> {
  const fake = await startPaypalFake({ now: start, slow_ms: 2_500, nightlySweep: true, ...options });
  const gateway = gatewayAt(fake, fake.url, 5_000);
  const { begin } = must(gateway.redirect, 'a redirect');

  const approvedBy: PaypalLab['approvedBy'] = async (buyer, of = {}) => {
    const { amount = 12_345n, currency = 'USD' } = of;
    const { token } = await begin({
      checkoutId: newId('request'),
      amount,
      currency,
      description: 'Invoice 1042',
      returnUrl: 'https://pay.example.com/back',
      cancelUrl: 'https://pay.example.com/left',
    });
    fake.approve(token, buyer);
    return token;
  };
  const after = (fault: Fault) => async (): Promise<string> => {
    fake.fault(fault);
    return approvedBy('balance');
  };
  return {
    fake,
    approvedBy,
    gateway,
    kind: 'paypal',
    atOnce: 'settled',
    neverVoids: true,
    winningEvidence: 'winning_evidence: the signed delivery note',
    payoutsAfter_days: 1,
    payer: {
      agrees: (url) => click(fake, url, { buyer: 'balance' }),
      leaves: (url) => click(fake, url, {}),
    },
    hasty: gatewayAt(fake, fake.url, 1_000),
    unreachable: gatewayAt(fake, 'http://127.0.0.1:2', 300),
    start,
    passTo: async (at) => fake.passTo(at),
    tokens: {
      approve: (of) => approvedBy('balance', of),
      decline: () => approvedBy('declined'),
      slow: after('slow'),
      lostAnswer: after('drop_after_commit'),
      errorAfterCommit: after('http_500_after_commit'),
      refundFails: () => approvedBy('refund_bounces'),
      disputes: () => approvedBy('disputes'),
    },
    trouble: async (trouble) => fake.fault(troubles[trouble]),
    ...booksOf(fake),
    signedWebhook(paymentId, sentAt) {
      const resource = { id: '8WK75382LT1234567', custom_id: paymentId };
      const event = { id: 'WH-1', event_type: 'PAYMENT.CAPTURE.COMPLETED', resource };
      const raw = Buffer.from(JSON.stringify(event));
      return { raw, headers: signedHeaders(raw, { url: fake.url, webhookId: fake.app.webhookId, sentAt }) };
    },
    get neverShown() {
      return [fake.app.clientSecret, ...fake.tokens.issued.keys()];
    },
    now: systemNow,
    close: () => fake.stop(),
  };
}
