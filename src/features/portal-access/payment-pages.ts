import type { OrganizationRow } from '#features/organizations/queries.ts';
import { declineAdvice } from '#features/payments/decline-rules.ts';
import { feeNameOf } from '#features/payments/fee-name.ts';
import type { PayerPaymentRow } from '#features/payments/portal-queries.ts';
import { expectedSettlement, standingOf } from '#features/payments/portal-rules.ts';
import { receiptNumber } from '#features/payments/receipt-document.ts';
import { isVoidAsked } from '#features/refunds/rules.ts';
import { addressLines } from '#lib/address-lines.ts';
import type { Html } from '#ui/html.ts';
import type { MethodFace } from '#web/portal/views/parts.ts';
import {
  type PaymentFacts,
  paymentDeclinedPage,
  paymentPaidPage,
  paymentProcessingPage,
  paymentUnknownPage,
  paymentWaitingPage,
} from '#web/portal/views/payment-result.ts';
import { type PaymentStanding, receiptPage } from '#web/portal/views/receipt-page.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** Where the pages about one payment lead. */
export type PaymentUrls = {
  self: string;
  receipt: string;
  standing: string;
  retry: string;
  home?: string;
  pdf?: string;
  back?: string;
  invoice?: (invoiceId: string) => string;
};

const kinds: Record<string, string> = {
  check: 'Check',
  cash: 'Cash',
  wire: 'Wire transfer',
  other: 'Payment',
  card: 'Card',
  bank_account: 'Bank account',
};

const methodOf = (payment: PayerPaymentRow): MethodFace | undefined =>
  payment.methodBrand && payment.methodLast4
    ? {
        kind: payment.kind === 'bank_account' ? 'bank_account' : 'card',
        brand: payment.methodBrand,
        last4: payment.methodLast4,
      }
    : undefined;

function factsOf(payment: PayerPaymentRow): PaymentFacts {
  const method = methodOf(payment);
  return {
    amount: payment.amount,
    currency: payment.currency,
    invoices: payment.applications.map((each) => each.invoiceNumber),
    reference: receiptNumber(payment.id),
    ...(payment.memo ? { memo: payment.memo } : {}),
    ...(method ? { method } : {}),
    ...(payment.fee !== 0n ? { fee: { amount: payment.fee, label: feeNameOf(payment) } } : {}),
  };
}

/** What the row says of a payment, as the page its payer sees; undefined where the receipt tells more. */
export function resultPage(
  shell: PortalShell,
  payment: PayerPaymentRow,
  urls: PaymentUrls,
  more: { sentTo: string | undefined; left: bigint },
): Html | undefined {
  const facts = factsOf(payment);
  const home = urls.home ? { homeUrl: urls.home } : {};
  const sent = more.sentTo ? { sentTo: more.sentTo } : {};
  switch (standingOf(payment.kind, payment.state)) {
    case 'waiting':
      return paymentWaitingPage(shell, { ...facts, pollUrl: urls.standing, selfUrl: urls.self });
    case 'checking':
      return paymentUnknownPage(shell, { ...facts, ...home });
    case 'paid':
      return paymentPaidPage(shell, {
        ...facts,
        ...home,
        ...sent,
        paidOn: payment.receivedOn,
        receiptUrl: urls.receipt,
        left: more.left,
      });
    case 'processing':
      return paymentProcessingPage(shell, {
        ...facts,
        ...home,
        ...sent,
        submittedOn: payment.receivedOn,
        expectedOn: expectedSettlement(payment.receivedOn),
      });
    case 'declined': {
      const code = payment.declineCode ?? '';
      const reason = payment.declineMessage ?? 'The payment was declined.';
      return paymentDeclinedPage(shell, {
        ...facts,
        ...home,
        advice: adviceFor(reason, code),
        retryUrl: urls.retry,
      });
    }
    default:
      return undefined;
  }
}

/** The bank's reason, then what helps, unless the reason says that already. */
function adviceFor(reason: string, code: string): string {
  const advice = declineAdvice(code);
  return /use another|try again|check/i.test(reason) ? reason : `${reason} ${advice}`;
}

export const listStanding = (
  payment: Pick<PayerPaymentRow, 'kind' | 'state' | 'amount' | 'refunded'>,
): PaymentStanding => {
  const standing = standingOf(payment.kind, payment.state);
  if (standing === 'paid' && payment.refunded === payment.amount) return 'refunded';
  return standing === 'waiting' ? 'processing' : standing;
};

export function receiptOf(
  shell: PortalShell,
  payment: PayerPaymentRow,
  seller: OrganizationRow,
  urls: PaymentUrls,
): Html {
  const facts = factsOf(payment);
  const given: MethodFace = {
    kind: 'bank_account',
    brand: kinds[payment.kind] ?? 'Payment',
    last4: payment.reference ?? '',
  };
  const standing = listStanding(payment);
  return receiptPage(shell, {
    ...facts,
    ...(facts.method || !payment.reference ? {} : { method: given }),
    standing,
    ...(payment.refunded > 0n ? { refunded: payment.refunded } : {}),
    ...(isVoidAsked(payment) ? { isVoidAsked: true } : {}),
    paidOn: payment.receivedOn,
    customerName: payment.customerName,
    applied: payment.applications.map((each) => ({
      number: each.invoiceNumber,
      amount: each.amount,
      ...(urls.invoice ? { url: urls.invoice(each.invoiceId) } : {}),
    })),
    from: [seller.legalName || seller.name, ...addressLines(seller.address)],
    ...(urls.pdf && (standing === 'paid' || standing === 'refunded' || standing === 'processing')
      ? { pdfUrl: urls.pdf }
      : {}),
    ...(urls.back ? { backUrl: urls.back } : {}),
  });
}
