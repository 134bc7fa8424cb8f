import type { PaymentGateway } from '#features/payments/payment-gateway.ts';
import { systemNow } from '#lib/dates.ts';
import { toDecimal } from '#lib/money.ts';
import type { GatewayLab } from '../gateway-lab.ts';
import type { AuthorizeNetFake } from './authorize-net-fake.ts';
import { authorizeNetGateway } from './authorize-net-gateway.ts';
import { type Behaviour, captured, type FakeAccount, refunded } from './fake-books.ts';
import { instrumentFor, mintNonce, testNumbers } from './fake-vault.ts';
import { notification, signatureOf } from './fake-webhooks.ts';
import { signatureHeader, webhookLife_ms } from './webhooks.ts';

export type AuthorizeNetLab = GatewayLab & { account: FakeAccount };

/**
 * Today's cut-off: ids tell the day they were made, which their vendor's copy does not tell in full, so the
 * fake's clock begins near ours.
 */
const startOfLab = (): Date => new Date(`${systemNow().toISOString().slice(0, 10)}T15:00:00Z`);

/** A token as the fields page makes it of what the hosted form answers. */
export function tokenFor(account: FakeAccount, behaviour: Behaviour): string {
  const nonce = mintNonce(account, instrumentFor(behaviour));
  return behaviour.startsWith('bank') ? `bank_account::${nonce}` : `card:2039-12:${nonce}`;
}

export function gatewayOf(
  account: FakeAccount,
  options: { url: string; timeout_ms?: number; pageSize?: number },
): PaymentGateway {
  const { apiLoginId, transactionKey, signatureKey } = account;
  return authorizeNetGateway({ apiLoginId, transactionKey, signatureKey, timeout_ms: 5_000, ...options });
}

/** The books know invoice numbers alone; the ids that were sent are kept here to name them by. */
function withIds(gateway: PaymentGateway, sent: Map<string, string>): PaymentGateway {
  const { refunds } = gateway;
  const note = (id: string): void => void sent.set(id.slice(-20), id);
  return {
    ...gateway,
    charge(request) {
      note(request.paymentId);
      return gateway.charge(request);
    },
    ...(refunds && {
      refunds: {
        ...refunds,
        refund(request) {
          note(request.refundId);
          return refunds.refund(request);
        },
      },
    }),
  };
}

/** An account of its own at a running fake, whose slow answers take longer than `hasty_ms`. */
export function authorizeNetLab(fake: AuthorizeNetFake, hasty_ms: number): AuthorizeNetLab {
  const { url } = fake;
  const account = fake.openAccount({ now: startOfLab() });
  const sent = new Map<string, string>();
  const gateway = (options: { url: string; timeout_ms?: number }): PaymentGateway =>
    // Small pages, so that lists are read page by page.
    withIds(gatewayOf(account, { pageSize: 7, ...options }), sent);
  const idOf = (number: string): string => sent.get(number) ?? number;
  const token = (behaviour: Behaviour) => async (): Promise<string> => tokenFor(account, behaviour);
  return {
    account,
    gateway: gateway({ url }),
    hasty: gateway({ url, timeout_ms: hasty_ms }),
    unreachable: gateway({ url: 'http://127.0.0.1:2', timeout_ms: 300 }),
    start: account.now,
    async passTo(at) {
      account.now = at;
    },
    tokens: {
      approve: token('approve'),
      decline: token('decline'),
      slow: token('slow'),
      lostAnswer: token('lost_answer'),
      errorAfterCommit: token('error_after_commit'),
      processing: token('hold'),
      bankSettles: token('bank'),
      bankReturns: token('bank_returned_early'),
      bankReturnsLate: token('bank_returned_late'),
    },
    async trouble(trouble) {
      account.faults.push(trouble);
    },
    async captured() {
      return captured(account).map((row) => ({
        paymentId: idOf(row.invoiceNumber),
        amount: row.amount,
        currency: account.currencies[0] ?? '',
      }));
    },
    async refunded() {
      return refunded(account).map((row) => {
        const charge = account.rows.find((each) => each.transId === row.refTransId);
        return {
          refundId: idOf(row.invoiceNumber),
          paymentId: idOf(charge?.invoiceNumber ?? ''),
          amount: row.amount,
          currency: account.currencies[0] ?? '',
        };
      });
    },
    payoutsAfter_days: 1,
    currencies: account.currencies,
    signedWebhook(paymentId, sentAt) {
      const body = notification({
        eventType: 'net.authorize.payment.authcapture.created',
        sentAt,
        id: '60100000001',
        merchantReferenceId: paymentId.slice(-20),
        authAmount: toDecimal(12_345n, 'USD'),
      });
      const raw = Buffer.from(body);
      return { raw, headers: { [signatureHeader]: signatureOf(account.signatureKey, raw) } };
    },
    webhookLife_ms,
    neverShown: [account.transactionKey, account.signatureKey, testNumbers.card, testNumbers.bank],
    now: systemNow,
    async close() {},
  };
}
