import { Checkbox, NumberInput, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { createPaymentLink } from '#features/payment-links/api.ts';
import type { PaymentLink } from '#features/payment-links/ui/staff/payment-link-words.tsx';
import { readTyped } from '#lib/money.ts';
import { LinkToCopy } from '#ui/copy.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { type Fields, filled, useFields } from '#ui/use-fields.ts';

type Props = { customerId: string; email: string | null; onClose: () => void };
type Values = { description: string; amount: string; fixed: boolean; days: number; mail: boolean };

/** Asks a customer for money that has no invoice yet. */
export function NewPaymentLinkDialog({ customerId, email, onClose }: Props) {
  const { currency, locale } = useFrame();
  const make = useAct(createPaymentLink);
  const [link, setLink] = useState<PaymentLink>();
  const read = (text: string): bigint => readTyped(text, currency, locale) ?? 0n;
  const form = useFields<Values>(
    { description: '', amount: '', fixed: true, days: 30, mail: email !== null },
    {
      description: filled('Say what the money is for: the customer reads it'),
      amount: (text, { fixed }) =>
        read(text) > 0n || (!fixed && text.trim() === '') ? null : 'Give an amount above zero',
      days: (days) => (days >= 1 && days <= 365 ? null : 'Give 1 to 365 days'),
    },
  );
  const { values } = form;
  const submit = form.submit(async ({ description, amount, fixed, days, mail }) => {
    const asked = amount.trim() === '' ? {} : { amount: Number(read(amount)) };
    const body = { customer_id: customerId, description, fixed, expires_in_days: days, mail, ...asked };
    setLink(await make.run({ body }));
  });
  if (link) return <MadeDialog link={link} onClose={onClose} />;
  return (
    <FormDialog
      title="New payment link"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit={values.mail ? 'Send payment link' : 'Make payment link'}
      busy={make.busy}
      error={make.error}
    >
      <TextInput
        label="What it is for"
        placeholder="Deposit for kitchen job"
        required
        maxLength={200}
        {...form.text('description')}
      />
      <HowMuch form={form} />
      <Checkbox
        label={email ? `Send it to ${email}` : 'Send it by e-mail'}
        description={email ? undefined : 'There is no e-mail address yet: copy the link and hand it over.'}
        disabled={email === null}
        {...form.flag('mail')}
      />
      <p className="fine">
        It takes one payment, which becomes unapplied cash until you apply it to an invoice.
      </p>
    </FormDialog>
  );
}

function HowMuch({ form }: { form: Fields<Values> }) {
  const { currency } = useFrame();
  const { values } = form;
  return (
    <>
      <Radio.Group
        label="Amount"
        value={values.fixed ? 'fixed' : 'open'}
        onChange={(choice) => form.set('fixed', choice === 'fixed')}
      >
        <div className="stack">
          <Radio value="fixed" label="Exactly this much" />
          <Radio value="open" label="The customer says how much" />
        </div>
      </Radio.Group>
      <div className="fields two">
        <MoneyField
          label={values.fixed ? 'How much' : 'Suggested amount'}
          required={values.fixed}
          currency={currency}
          value={values.amount}
          error={form.errors.amount}
          name="amount"
          onChange={(text) => form.set('amount', text)}
        />
        <NumberInput
          label="Days it stays open"
          min={1}
          max={365}
          allowDecimal={false}
          name="days"
          value={values.days}
          error={form.errors.days}
          onChange={(days) => form.set('days', Number(days))}
        />
      </div>
    </>
  );
}

function MadeDialog({ link, onClose }: { link: PaymentLink; onClose: () => void }) {
  const { instant } = useFrame();
  return (
    <FormDialog title="New payment link" opened onClose={onClose}>
      <p>
        {link.sent_to ? `Sent to ${link.sent_to}.` : 'Hand this link to the customer, and to nobody else.'} It
        takes one payment, until {instant(link.expires_at)}.
      </p>
      <LinkToCopy url={link.url} />
    </FormDialog>
  );
}
