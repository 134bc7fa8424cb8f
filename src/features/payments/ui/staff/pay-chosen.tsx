import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { recordPayment } from '#features/payments/api.ts';
import { MethodChoice, ReceiptSwitch } from '#features/payments/ui/staff/method-choice.tsx';
import type { Share } from '#features/payments/ui/staff/share-table.tsx';
import { ShareTable, sharesOf, shareTotal, typedShares } from '#features/payments/ui/staff/share-table.tsx';
import { type NewMethodSlot, useCharging } from '#features/payments/ui/staff/use-charging.ts';
import { sum } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { DateField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

export type ChosenInvoice = {
  id: string;
  number: string;
  customer_id: string;
  customer_name: string;
  currency: string;
  due_date: string;
  payable_now: bigint;
};
type Props = {
  invoices: readonly ChosenInvoice[];
  partial: boolean;
  newMethod: NewMethodSlot;
  onDone: () => void;
};

/** One payment for several invoices of a customer: what of the chosen ones can be paid now. */
export function PayChosen({ invoices, partial, newMethod, onDone }: Props) {
  const { can } = useFrame();
  const [paying, pay] = useDisclosure();
  const payable = invoices.filter((invoice) => invoice.payable_now > 0n);
  if (!can('payments:write')) return null;
  return (
    <>
      <Button size="xs" disabled={payable.length === 0} onClick={pay.open}>
        {payable.length === 1 ? 'Pay 1 invoice' : `Pay ${payable.length} invoices`}
      </Button>
      {paying && payable.length > 0 && (
        <PayDialog
          invoices={payable}
          partial={partial}
          newMethod={newMethod}
          onClose={pay.close}
          onPaid={() => {
            pay.close();
            onDone();
          }}
        />
      )}
    </>
  );
}

const ways = [
  { value: 'record', label: 'Check, cash or wire' },
  { value: 'charge', label: 'Card or bank account' },
];
const kinds = [
  { value: 'check', label: 'Check' },
  { value: 'cash', label: 'Cash' },
  { value: 'wire', label: 'Wire' },
  { value: 'other', label: 'Other' },
];
type DialogProps = {
  invoices: readonly ChosenInvoice[];
  partial: boolean;
  newMethod: NewMethodSlot;
  onClose: () => void;
  onPaid: () => void;
};

function useShares({ invoices, partial }: Pick<DialogProps, 'invoices' | 'partial'>) {
  const { locale, currency: own } = useFrame();
  const currency = invoices[0]?.currency ?? own;
  const due = sum(invoices.map((invoice) => invoice.payable_now));
  const [typed, onType] = useState(() => typedShares(invoices, due, { currency, locale }));
  const shares = sharesOf(invoices, typed, { currency, locale });
  const total = shareTotal(shares);
  return {
    currency,
    shares,
    total,
    table: { invoices, currency, typed, sum: total, ...(partial ? { onType } : {}) },
  };
}

function PayDialog({ invoices, partial, newMethod, onClose, onPaid }: DialogProps) {
  const { money } = useFrame();
  const [way, setWay] = useState('record');
  const { currency, shares, total, table } = useShares({ invoices, partial });
  const first = invoices[0] as ChosenInvoice;
  const given = { customerId: first.customer_id, shares: shares ?? [], total, onPaid };
  const record = useRecord(given);
  const charge = useCharge(given);
  const act = way === 'record' ? record : charge;
  return (
    <FormDialog
      title={`Take payment from ${first.customer_name}`}
      size="lg"
      opened
      onClose={onClose}
      onSubmit={() => act.submit()}
      submit={
        way === 'record'
          ? `Record ${money(total, currency)}`
          : `Charge ${money(charge.charging.totalOf(total), currency)}`
      }
      busy={act.busy}
      disabled={!shares || total === 0n || !act.ready}
      error={act.error}
    >
      <SegmentedControl data={ways} value={way} onChange={setWay} aria-label="How it is paid" fullWidth />
      <ShareTable {...table} />
      {way === 'record' ? (
        <Received form={record.form} />
      ) : (
        <MethodChoice charging={charge.charging} slot={newMethod} />
      )}
      <ReceiptSwitch customerId={first.customer_id} flag={act.form.flag('send_receipt')} />
    </FormDialog>
  );
}

type Given = { customerId: string; shares: Share[]; total: bigint; onPaid: () => void };
type Kind = 'check' | 'cash' | 'wire' | 'other';

function useRecord({ customerId, shares, total, onPaid }: Given) {
  const { today, money } = useFrame();
  const act = useAct(recordPayment);
  const form = useFields(
    { kind: 'check', received_on: today, reference: '', send_receipt: true },
    { received_on: (date) => (date > today ? 'This day is still to come' : null) },
  );
  const submit = form.submit(async ({ kind, received_on, reference, send_receipt }) => {
    const payment = await act.run({
      body: {
        customer_id: customerId,
        kind: kind as Kind,
        amount: Number(total),
        received_on,
        send_receipt,
        applications: shares,
        ...(reference.trim() ? { reference: reference.trim() } : {}),
      },
    });
    onPaid();
    tell(`${money(total, payment.currency)} recorded`, `Applied to ${shares.length} invoices`);
  });
  return { form, submit, busy: act.busy, error: act.error, ready: true };
}

function useCharge({ customerId, shares, total, onPaid }: Given) {
  const navigate = useNavigate();
  const charging = useCharging(customerId);
  const form = useFields({ send_receipt: true });
  const submit = form.submit(async ({ send_receipt }) => {
    const payment = await charging.charge({ amount: Number(total), send_receipt, applications: shares });
    if (!payment) return;
    onPaid();
    await navigate({ to: `/payments/${payment.id}` });
  });
  return { form, submit, busy: charging.busy, error: charging.error, ready: charging.isReady, charging };
}

function Received({ form }: { form: ReturnType<typeof useRecord>['form'] }) {
  return (
    <div className="fields two">
      <Select
        label="How"
        data={kinds}
        value={form.values.kind}
        onChange={(kind) => kind && form.set('kind', kind)}
      />
      <DateField
        label="Received on"
        value={form.values.received_on}
        error={form.errors.received_on}
        name="received_on"
        onChange={(date) => form.set('received_on', date)}
      />
      <TextInput
        label={form.values.kind === 'check' ? 'Check number' : 'Reference'}
        maxLength={100}
        {...form.text('reference')}
      />
    </div>
  );
}
