import { recordChargeback } from '#features/chargebacks/record-chargeback.ts';
import { applyCredit } from '#features/credit-memos/apply-credit.ts';
import { createCreditMemo } from '#features/credit-memos/create-credit-memo.ts';
import { unapplyCredit } from '#features/credit-memos/unapply-credit.ts';
import { voidCreditMemo } from '#features/credit-memos/void-credit-memo.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { removeMethod } from '#features/payment-methods/remove-method.ts';
import { applyPayment } from '#features/payments/apply-payment.ts';
import { unapplyPayment } from '#features/payments/unapply-payment.ts';
import { requestVoid } from '#features/refunds/request-void.ts';
import { Refusal } from '#lib/errors.ts';
import { later, start } from '../support/given.ts';
import type { Deed } from './acts.ts';
import { type Fleet, type Run, today } from './fleet.ts';
import { actOnLateFee } from './late-fees.ts';
import { type DisputeWord, type GatewayDispute, toldOfDispute } from './model-disputes.ts';
import type { ModelApplication } from './reference-model.ts';

// What is put against invoices afterwards is later than what it is taken from.
const afterwards = later(1);

export const partsOf = (run: Run, applications: readonly ModelApplication[]) =>
  applications.map(({ invoice, amount }) => ({ invoiceId: run.invoiceIds[invoice] as string, amount }));

export const paymentOf = ({ run, act }: Deed): string => {
  const key = 'payment' in act ? act.payment : '';
  return run.world.payments.find((payment) => payment.key === key)?.id as string;
};
const memoOf = ({ run, act }: Deed): string => {
  const key = 'memo' in act ? act.memo : '';
  return run.world.memos.find((memo) => memo.key === key)?.id as string;
};

/** Do what has no batch of its own, in a transaction of its own; batches pass it by. */
export async function performOne(fleet: Fleet, deed: Deed): Promise<void> {
  try {
    const result = await attempt(fleet, deed);
    if (result) deed.result = result;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    deed.result = error.code;
  }
}

async function attempt(fleet: Fleet, deed: Deed): Promise<string | undefined> {
  const { books } = fleet;
  const { act, run } = deed;
  const { organizationId, actor } = books;
  const invoiceId = run.invoiceIds['invoice' in act ? act.invoice : 0] as string;
  const paymentId = paymentOf(deed);
  const memo = { organizationId, creditMemoId: memoOf(deed) };
  switch (act.do) {
    case 'void':
      await books.tx((tx) =>
        voidInvoice(tx, actor, { organizationId, invoiceId, reason: 'simulated' }, start),
      );
      return 'new';
    case 'void payment':
      await books.tx((tx) =>
        requestVoid(tx, actor, { organizationId, paymentId, sendReceipt: false, quiet: true }, start),
      );
      return 'new';
    case 'apply': {
      const applications = partsOf(run, act.applications);
      await books.tx((tx) =>
        applyPayment(tx, actor, { organizationId, paymentId, applications }, afterwards),
      );
      return 'new';
    }
    case 'unapply':
      await books.tx((tx) => unapplyPayment(tx, actor, { organizationId, paymentId, invoiceId }, afterwards));
      return 'new';
    case 'credit':
      deed.madeId = await writeMemo(fleet, run, act);
      return 'new';
    case 'apply credit': {
      const applications = partsOf(run, act.applications);
      await books.tx((tx) => applyCredit(tx, actor, { ...memo, applications }, start));
      return 'new';
    }
    case 'unapply credit':
      await books.tx((tx) => unapplyCredit(tx, actor, { ...memo, invoiceId }, start));
      return 'new';
    case 'void credit':
      await books.tx((tx) => voidCreditMemo(tx, actor, { ...memo, reason: 'simulated' }, start));
      return 'new';
    case 'dispute':
      return tellOfDispute(fleet, paymentId, act.state);
    case 'waive fee':
    case 'remove fee': {
      const made = await actOnLateFee(fleet, run, act, fleet.now);
      if (made) deed.madeId = made;
      return 'new';
    }
    case 'remove method': {
      const method = run.world.methods[act.method];
      const one = {
        methodId: method?.id ?? '',
        customerId: run.customerIds[method?.customer ?? 0] as string,
      };
      await books.tx((tx) => removeMethod(tx, actor, { organizationId, ...one }, start));
      return 'new';
    }
    default:
      return undefined;
  }
}

async function writeMemo(
  { books }: Fleet,
  run: Run,
  act: { customer: number; total: bigint },
): Promise<string> {
  const { organizationId, actor } = books;
  const customerId = run.customerIds[act.customer] as string;
  const tax = act.total / 10n;
  const lines = [{ description: 'Taken back', amount: act.total - tax, tax }];
  const made = await books.tx((tx) =>
    createCreditMemo(tx, actor, { organizationId, memo: { customerId, lines }, issue: true }, start),
  );
  return made.creditMemoId;
}

async function tellOfDispute(fleet: Fleet, paymentId: string, state: DisputeWord): Promise<string> {
  const { organizationId, gatewayAccountId, actor, currency } = fleet.books;
  const dispute = fleet.gateway.disputes.get(paymentId) as GatewayDispute;
  const chargeback = toldOfDispute(dispute, currency, dispute.path.indexOf(state));
  const news = { organizationId, gatewayAccountId, chargeback, today: today(fleet) };
  const told = await fleet.books.tx((tx) => recordChargeback(tx, actor, news, start));
  return told?.changed ? 'new' : 'again';
}
