import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { fundingWords, percentWords } from '#features/card-fees/word-rules.ts';
import { getPayment } from '#features/payments/api.ts';
import { turnWords } from '#features/payments/result-rules.ts';
import { AppliedTo } from '#features/payments/ui/staff/applied-to.tsx';
import type { Payment } from '#features/payments/ui/staff/payment-words.tsx';
import { PaymentState, wordsOfState } from '#features/payments/ui/staff/payment-words.tsx';
import { ReceiptMenu } from '#features/payments/ui/staff/receipt-menu.tsx';
import { StatusLog } from '#features/payments/ui/staff/status-log.tsx';
import { kindWords, methodWords, sourceWords } from '#features/payments/word-rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { Facts, Figures, PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

const back = { to: '/payments', label: 'Payments' };

type Slots = {
  timeline: ReactNode;
  /** Void or refund, why neither, and the refunds made: of a room that this one does not know. */
  giveBack: { actions: ReactNode; note: ReactNode; refunds: ReactNode };
};

export function PaymentPage({ id, timeline, giveBack }: { id: string } & Slots) {
  // While the outcome is open the page keeps asking, so that nobody has to reload.
  const payment = useAsk(getPayment, { params: { id } }, { every_ms: 5000 });
  if (payment.error)
    return (
      <>
        <PageHead back={back} title="Payment" />
        <Problem error={payment.error} onRetry={() => void payment.refetch()} />
      </>
    );
  if (!payment.data)
    return (
      <>
        <PageHead back={back} title="Payment" />
        <Skeleton height={90} radius="lg" mb="lg" />
        <Skeleton height={320} radius="lg" />
      </>
    );
  const { data } = payment;
  return (
    <>
      <Head payment={data} giveBack={giveBack.actions} />
      <Standing payment={data} />
      <div className="columns">
        <div className="stack loose">
          <Explained payment={data} />
          {giveBack.note}
          <AppliedTo payment={data} />
          {giveBack.refunds}
        </div>
        <div className="stack loose">
          <StatusLog payment={data} />
          <Particulars payment={data} />
          <Sheet title="Timeline" className="no-print">
            {timeline}
          </Sheet>
        </div>
      </div>
    </>
  );
}

function Head({ payment, giveBack }: { payment: Payment; giveBack: ReactNode }) {
  const { money } = useFrame();
  const title = money(payment.amount, payment.currency);
  return (
    <PageHead
      back={back}
      tab={`Payment of ${title}`}
      title={<span className="num">{title}</span>}
      state={<PaymentState state={payment.state} kind={payment.kind} />}
      detail={
        <>
          From <Link to={`/customers/${payment.customer_id}`}>{payment.customer_name}</Link>
        </>
      }
      actions={
        <>
          {giveBack}
          <ReceiptMenu payment={payment} />
        </>
      }
    />
  );
}

function Standing({ payment }: { payment: Payment }) {
  const { money, date } = useFrame();
  const amount = (value: bigint) => money(value, payment.currency);
  return (
    <Figures
      figures={[
        { label: 'Amount', value: amount(payment.amount) },
        { label: 'Applied', value: amount(payment.applied) },
        {
          label: 'Unapplied',
          value: amount(payment.unapplied),
          tone: payment.unapplied > 0n ? 'warn' : undefined,
        },
        ...(payment.fee !== 0n
          ? [{ label: payment.card_fee?.label ?? 'Fee', value: amount(payment.fee) }]
          : []),
        ...(payment.refunded > 0n
          ? [{ label: 'Refunded', value: amount(payment.refunded), tone: 'warn' as const }]
          : []),
        { label: 'Received', value: date(payment.received_on) },
      ]}
    />
  );
}

/** The state in a sentence, and what to do about it where something can be done. */
function Explained({ payment }: { payment: Payment }) {
  const { tone, means } = wordsOfState(payment.state, payment.kind);
  const { result } = payment;
  const isKnown = payment.state === 'declined' || payment.state === 'unknown';
  return (
    <div className="note" data-tone={tone === 'bad' ? 'warn' : tone === 'good' ? 'good' : undefined}>
      <p>{means}</p>
      {isKnown && (
        <p>
          <span className="strong">{result.title}.</span> {result.next}
        </p>
      )}
      {payment.bank_return && <Returned told={payment.bank_return} />}
      {result.turn && tone === 'bad' && <p>{turnWords[result.turn]}.</p>}
      <GatewaySaid payment={payment} />
    </div>
  );
}

/** In the gateway’s own words, for whoever calls it. */
function GatewaySaid({
  payment: { gateway_said: said, gateway_account: account, decline },
}: {
  payment: Payment;
}) {
  if (!said) return null;
  return (
    <p className="fine">
      {account?.name ?? 'The gateway'} said: {said.message}
      {said.code && (
        <>
          {' '}
          (code <code>{said.code}</code>
          {decline && decline.code !== said.code && (
            <>
              , which is <code>{decline.code}</code>
            </>
          )}
          )
        </>
      )}
    </p>
  );
}

const methodBecame = {
  not_stored: null,
  kept: 'The stored bank account stays in use.',
  blocked: 'The stored bank account is blocked and cannot be charged.',
  removed: 'The stored bank account has been removed.',
};

/** The bank's reason in words, what it did to the stored account, and what can be done. */
function Returned({ told }: { told: NonNullable<Payment['bank_return']> }) {
  return (
    <>
      <p>
        <span className="strong">
          {told.title} (<code>{told.code}</code>).
        </span>{' '}
        {told.meaning}
      </p>
      <p>
        {methodBecame[told.method]} {told.advice}
      </p>
      {told.note && <p className="fine">{told.note}</p>}
    </>
  );
}

function Particulars({ payment }: { payment: Payment }) {
  const { instant } = useFrame();
  const when = (at: Date | null) => at && instant(at);
  const feeWords = ({ label, percent, funding, disclosed_at }: NonNullable<Payment['card_fee']>) => {
    const share = percent && payment.fee_kind !== 'dual_pricing' ? ` of ${percentWords(percent)}` : '';
    const on = payment.fee < 0n ? '' : ` on a ${fundingWords[funding].toLowerCase()}`;
    return `${label}${share}${on}; the payer was told ${instant(disclosed_at)}`;
  };
  return (
    <Sheet title="Particulars">
      <Facts
        columns={1}
        facts={[
          {
            label: 'Method',
            value: payment.method
              ? `${methodWords(payment)} (${payment.kind === 'paypal' ? 'PayPal' : kindWords[payment.kind].toLowerCase()})`
              : methodWords(payment),
          },
          { label: 'Source', value: sourceWords[payment.source] },
          ...(payment.gateway_account ? [{ label: 'Gateway', value: payment.gateway_account.name }] : []),
          ...(payment.payer.name || payment.payer.email
            ? [
                {
                  label: 'Payer',
                  value: [payment.payer.name, payment.payer.email].filter(Boolean).join(', '),
                },
              ]
            : []),
          ...(payment.card_fee
            ? [{ label: payment.fee < 0n ? 'Discount' : 'Card fee', value: feeWords(payment.card_fee) }]
            : []),
          ...(payment.reference ? [{ label: 'Reference', value: payment.reference }] : []),
          ...(payment.memo ? [{ label: 'Memo', value: payment.memo }] : []),
          { label: 'Begun', value: when(payment.requested_at) },
          ...(payment.posted_at ? [{ label: 'In the books', value: when(payment.posted_at) }] : []),
          ...(payment.settled_at ? [{ label: 'Settled', value: when(payment.settled_at) }] : []),
          ...(payment.ended_at ? [{ label: 'Ended', value: when(payment.ended_at) }] : []),
        ]}
      />
    </Sheet>
  );
}
