import { Checkbox, Radio, Textarea, TextInput } from '@mantine/core';
import { createRefund } from '#features/refunds/api.ts';
import { feeLeft, principalLeft } from '#features/refunds/plan-rules.ts';
import {
  askOf,
  proposedSplit,
  type RefundForm,
  splitRows,
  verdictOf,
} from '#features/refunds/ui/staff/refund-form.ts';
import { type GiveBackView, refundableOf } from '#features/refunds/ui/staff/refund-words.tsx';
import { SplitTable } from '#features/refunds/ui/staff/split-table.tsx';
import { readTyped, toTyped } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { type Fields, useFields } from '#ui/use-fields.ts';

/** Full or partial, what happens to the fee, out of which invoices, and what the payer gets in the end. */
export function RefundDialog({ view, onClose }: { view: GiveBackView; onClose: () => void }) {
  const { money, locale } = useFrame();
  const refund = useAct(createRefund);
  const { currency } = view;
  const read = (text: string) => readTyped(text, currency, locale);
  const form = useFields<RefundForm>({
    mode: 'full',
    amount: toTyped(principalLeft(refundableOf(view)), currency, locale),
    fee_handling: 'inclusive',
    split: {},
    reason: '',
    reference: '',
    send_receipt: true,
  });
  const verdict = verdictOf(view, form.values, read);
  const amount = verdict.ok ? money(verdict.plan.amount, currency) : '';
  const submit = form.submit(async (values) => {
    const { principal, fromUnapplied, lines } = askOf(values, read);
    await refund.run({
      body: {
        payment_id: view.payment_id,
        fee_handling: values.fee_handling,
        send_receipt: values.send_receipt,
        ...(principal === undefined ? {} : { principal: Number(principal) }),
        ...(fromUnapplied === undefined ? {} : { from_unapplied: Number(fromUnapplied) }),
        ...(lines
          ? { lines: lines.map((l) => ({ invoice_id: l.invoiceId, amount: Number(l.amount) })) }
          : {}),
        ...(values.reason.trim() ? { reason: values.reason.trim() } : {}),
        ...(values.reference.trim() ? { reference: values.reference.trim() } : {}),
      },
    });
    onClose();
    tell(`${amount} refunded`, view.by_hand ? 'It is in the books.' : 'It is on its way to the gateway.');
  });
  return (
    <FormDialog
      title="Refund this payment"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit={verdict.ok ? `Refund ${amount}` : 'Refund'}
      disabled={!verdict.ok}
      busy={refund.busy}
      error={refund.error}
      size="lg"
    >
      <HowMuch view={view} form={form} />
      {feeLeft(refundableOf(view)) > 0n && <FeeChoice view={view} form={form} />}
      <p className="note" role="status" data-tone={verdict.ok ? undefined : 'warn'}>
        {verdict.ok ? whatHappens(view, amount, verdict.plan.feeAmount, money) : verdict.reason}
      </p>
      {view.by_hand && <TextInput label="Reference" maxLength={100} {...form.text('reference')} />}
      <Textarea label="Reason" maxLength={500} {...form.text('reason')} />
      <Checkbox label="Send a receipt" {...form.flag('send_receipt')} />
    </FormDialog>
  );
}

type Money = (amount: bigint, currency: string) => string;
function whatHappens(view: GiveBackView, amount: string, fee: bigint, money: Money): string {
  const share =
    fee > 0n
      ? `, ${money(fee, view.currency)} of it fee`
      : fee < 0n
        ? `, less the discount of ${money(-fee, view.currency)}`
        : '';
  return view.by_hand
    ? `You give ${amount} back by hand${share}; Owed records it. The invoices stay paid.`
    : `${amount} goes back the way it came${share}, in 3–5 business days. The invoices stay paid. It cannot be taken back.`;
}

function HowMuch({ view, form }: { view: GiveBackView; form: Fields<RefundForm> }) {
  const { money, locale } = useFrame();
  const { currency } = view;
  const payment = refundableOf(view);
  const { mode, amount, split } = form.values;
  const principal = readTyped(amount, currency, locale) ?? 0n;
  const isSplit = splitRows(view).length > 1;
  const all = principalLeft(payment) + (form.values.fee_handling === 'inclusive' ? feeLeft(payment) : 0n);
  return (
    <>
      <Radio.Group
        label="How much"
        value={mode}
        onChange={(value) => form.set('mode', value as RefundForm['mode'])}
      >
        <div className="stack tight choice-list">
          <Radio value="full" label={`All that is left: ${money(all, currency)}`} />
          <Radio value="partial" label="A part" />
        </div>
      </Radio.Group>
      {mode === 'partial' && (
        <MoneyField
          label="Amount"
          description={
            view.fee > 0n
              ? 'Without the fee; its share is added below'
              : view.fee < 0n
                ? 'Of the invoices; the discount’s share is taken off below'
                : undefined
          }
          required
          data-autofocus
          currency={currency}
          value={amount}
          name="principal"
          onChange={(text) => form.setAll({ ...form.values, amount: text, split: {} })}
        />
      )}
      {isSplit && (
        <SplitTable
          view={view}
          editable={mode === 'partial'}
          typed={
            mode === 'full'
              ? proposedSplit(view, principalLeft(payment), locale)
              : Object.keys(split).length > 0
                ? split
                : proposedSplit(view, principal, locale)
          }
          onType={(next) => form.set('split', next)}
          wanted={mode === 'full' ? principalLeft(payment) : principal}
        />
      )}
    </>
  );
}

function FeeChoice({ view, form }: { view: GiveBackView; form: Fields<RefundForm> }) {
  const { money } = useFrame();
  const { fee_handling: handling } = form.values;
  return (
    <>
      <Radio.Group
        label={`The fee of ${money(view.fee, view.currency)}`}
        value={handling}
        onChange={(value) => form.set('fee_handling', value as RefundForm['fee_handling'])}
      >
        <div className="stack tight choice-list">
          <Radio value="inclusive" label="Give its share back too" />
          <Radio value="exclusive" label="Keep it" />
        </div>
      </Radio.Group>
      {handling === 'exclusive' && (
        <p className="note" data-tone="warn">
          Card networks expect a surcharge to be returned with the refund, in proportion. Keep it only where
          your agreement with the gateway allows it.
        </p>
      )}
    </>
  );
}
