import { Button, Checkbox, Radio, Select, Skeleton, TextInput } from '@mantine/core';
import { setAutopay } from '#features/autopay/api.ts';
import { chargeWhens } from '#features/autopay/rules.ts';
import type { AutopayShown } from '#features/autopay/ui/staff/autopay-tab.tsx';
import { whenLabels } from '#features/autopay/word-rules.ts';
import { listPaymentMethods } from '#features/payments/api.ts';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import { readTyped, toTyped } from '#lib/money.ts';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { type Fields, useFields } from '#ui/use-fields.ts';

type Values = {
  payment_method_id: string;
  charge_when: string;
  threshold: string;
  threshold_amount: string;
  maximum_amount: string;
  notice_days: string;
  held: boolean;
};
type Props = { autopay: AutopayShown; currency: string; onDone: () => void };

const thresholds = [
  { value: 'none', label: 'All invoices' },
  { value: 'at_or_below', label: 'Only invoices of at most' },
  { value: 'at_or_above', label: 'Only invoices of at least' },
];

function useAutopayFields({ autopay, currency }: Props): Fields<Values> {
  const { locale } = useFrame();
  const typed = (amount: bigint | null | undefined): string =>
    amount ? toTyped(amount, currency, locale) : '';
  const isAmount = (text: string): boolean => (readTyped(text, currency, locale) ?? 0n) > 0n;
  return useFields<Values>(
    {
      payment_method_id: autopay.state === 'on' ? (autopay.method?.id ?? '') : '',
      charge_when: autopay.charge_when,
      threshold: autopay.threshold?.direction ?? 'none',
      threshold_amount: typed(autopay.threshold?.amount),
      maximum_amount: typed(autopay.maximum_amount),
      notice_days: String(autopay.notice_days),
      held: false,
    },
    {
      payment_method_id: (id) => (id === '' ? 'Choose what is charged' : null),
      threshold_amount: (text, all) =>
        all.threshold === 'none' || isAmount(text) ? null : 'Give an amount above zero',
      maximum_amount: (text) =>
        text.trim() === '' || isAmount(text) ? null : 'Give an amount above zero, or leave it empty',
      notice_days: (text) =>
        /^\d{1,2}$/.test(text.trim()) && Number(text) <= 30 ? null : 'Give a number of days from 0 to 30',
      held: (held) => (held ? null : 'Without the customer’s agreement nothing may be charged'),
    },
  );
}

/** Whatever is changed is a new agreement, for which staff vouches. */
export function AutopayForm(props: Props) {
  const { autopay, currency, onDone } = props;
  const { locale } = useFrame();
  const form = useAutopayFields(props);
  const save = useAct(setAutopay);
  const { values } = form;
  const amountOf = (text: string): number | null =>
    text.trim() === '' ? null : Number(readTyped(text, currency, locale) ?? 0n);
  const submit = form.submit(async () => {
    const amount = amountOf(values.threshold_amount);
    const direction = values.threshold === 'at_or_above' ? 'at_or_above' : 'at_or_below';
    await save.run({
      params: { id: autopay.customer_id },
      body: {
        payment_method_id: values.payment_method_id,
        charge_when: chargeWhens.find((when) => when === values.charge_when) ?? 'created',
        threshold: values.threshold === 'none' || amount === null ? null : { direction, amount },
        maximum_amount: amountOf(values.maximum_amount),
        notice_days: Number(values.notice_days),
        held: true,
      },
    });
    tell('Autopay is on');
    onDone();
  });
  return (
    <form onSubmit={submit} className="stack" noValidate>
      <MethodPick customerId={autopay.customer_id} form={form} />
      <Bounds form={form} currency={currency} />
      <Checkbox
        label="We hold the customer’s agreement to these very terms"
        description="It is kept with your name. The customer gets a copy by email and may switch autopay off."
        {...form.flag('held')}
        error={form.errors.held}
      />
      <Problem error={save.error} />
      <div className="row">
        <Button type="submit" loading={save.busy}>
          Save autopay
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function MethodPick({ customerId, form }: { customerId: string; form: Fields<Values> }) {
  const methods = useAsk(listPaymentMethods, { query: { customer_id: customerId } });
  if (methods.error) return <Problem error={methods.error} onRetry={() => void methods.refetch()} />;
  if (!methods.data) return <Skeleton height={60} />;
  const usable = methods.data.data.filter(
    ({ state }) => state === 'active' || state === 'needs_authorization',
  );
  if (usable.length === 0)
    return <p className="note">Nothing is stored that could be charged. Add a payment method first.</p>;
  return (
    <Radio.Group
      label="Charge"
      name="payment_method_id"
      value={form.values.payment_method_id}
      error={form.errors.payment_method_id}
      onChange={(id) => form.set('payment_method_id', id)}
    >
      <div className="stack tight choice-list">
        {usable.map((method) => (
          <Radio key={method.id} value={method.id} label={methodName(method)} />
        ))}
      </div>
    </Radio.Group>
  );
}

function Bounds({ form, currency }: { form: Fields<Values>; currency: string }) {
  const { values, errors, set } = form;
  return (
    <div className="fields two">
      <Select
        label="When"
        data={chargeWhens.map((value) => ({ value, label: whenLabels[value] }))}
        value={values.charge_when}
        allowDeselect={false}
        onChange={(when) => set('charge_when', when ?? 'created')}
      />
      <TextInput
        label="Days of notice"
        inputMode="numeric"
        description="The customer is mailed so many days before each charge. A bank account without a maximum needs 10."
        {...form.text('notice_days')}
      />
      <Select
        label="Which invoices"
        data={thresholds}
        value={values.threshold}
        allowDeselect={false}
        onChange={(threshold) => set('threshold', threshold ?? 'none')}
      />
      {values.threshold !== 'none' && (
        <MoneyField
          label="Amount"
          name="threshold_amount"
          currency={currency}
          value={values.threshold_amount}
          error={errors.threshold_amount}
          onChange={(text) => set('threshold_amount', text)}
        />
      )}
      <MoneyField
        label="Maximum of one charge"
        description="The customer is asked before anything above it"
        name="maximum_amount"
        currency={currency}
        value={values.maximum_amount}
        error={errors.maximum_amount}
        onChange={(text) => set('maximum_amount', text)}
      />
    </div>
  );
}
