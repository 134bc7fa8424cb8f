import { Button, Radio, Skeleton } from '@mantine/core';
import type { z } from 'zod';
import { getCardFeePolicy, setCardFeePolicy } from '#features/card-fees/api.ts';
import type { CardFeeMode } from '#features/card-fees/rules.ts';
import { CardFeeFields } from '#features/card-fees/ui/staff/card-fee-fields.tsx';
import { bodyOf, checksOf, policyOf, valuesOf } from '#features/card-fees/ui/staff/card-fee-form.ts';
import { CardFeePreview } from '#features/card-fees/ui/staff/card-fee-preview.tsx';
import { CardFeeRules, CardKinds } from '#features/card-fees/ui/staff/card-fee-rules.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Agreed = z.output<typeof getCardFeePolicy.reply>;

const modes: { value: CardFeeMode; label: string; description: string }[] = [
  { value: 'off', label: 'Nothing', description: 'Every way of paying costs your customers the same.' },
  {
    value: 'surcharge',
    label: 'Surcharge',
    description: 'A percentage on credit cards only. Debit and prepaid cards never have one.',
  },
  {
    value: 'dual_pricing',
    label: 'Dual pricing',
    description: 'Invoices say the price by bank account, cash or check; any card pays the card price.',
  },
  {
    value: 'convenience_fee',
    label: 'Convenience fee',
    description: 'A flat amount for paying by card in a way that your customers do not usually use.',
  },
  {
    value: 'bank_discount',
    label: 'Discount for paying by bank',
    description: 'Invoices say the full price; who pays from a bank account online or by autopay pays less.',
  },
];

/** What paying by card costs, for the whole organization: no customer or invoice has a switch of its own. */
export function CardFeeSettings() {
  const agreed = useAsk(getCardFeePolicy);
  if (!agreed.data)
    return agreed.error ? (
      <Problem error={agreed.error} onRetry={() => void agreed.refetch()} />
    ) : (
      <Skeleton height={420} radius="lg" />
    );
  return <PolicyForm key={agreed.data.policy.version} agreed={agreed.data} />;
}

function PolicyForm({ agreed: { policy, rules, places, card_ranges: lists } }: { agreed: Agreed }) {
  const { currency, locale, today, date, can } = useFrame();
  const place = { currency, locale };
  const act = useAct(setCardFeePolicy);
  const form = useFields(valuesOf(policy, place, today), checksOf(place));
  const typed = policyOf(form.values, place);
  const submit = form.submit(async (values) => {
    await act.run({ body: bodyOf(values, place) });
    tell(values.mode === 'off' ? 'Card fees are off' : 'Saved');
  });
  const since =
    policy.version === 0
      ? 'Card fees have never been on.'
      : `Version ${policy.version}, from ${date(policy.effective_from)} on.`;
  return (
    <form onSubmit={submit} className="stack loose" noValidate>
      <Sheet title="Card fees">
        <div className="stack">
          <p className="fine">
            {since} They hold for all customers and invoices alike; what a payment plan pays never has one.
          </p>
          <Radio.Group
            label="How the way of paying changes the price"
            value={form.values.mode}
            onChange={(mode) => form.set('mode', mode as CardFeeMode)}
          >
            <div className="stack tight choice-list">
              {modes.map((mode) => (
                <Radio key={mode.value} {...mode} />
              ))}
            </div>
          </Radio.Group>
        </div>
      </Sheet>
      {form.values.mode !== 'off' && (
        <>
          <CardFeeFields form={form} places={places} />
          <CardFeePreview policy={typed} rules={rules} />
          <Sheet title="What networks and law say">
            <div className="stack">
              <CardFeeRules policy={typed} rules={rules} />
              {typed.mode === 'surcharge' && <CardKinds lists={lists} />}
              <p className="fine">Facts with their sources, not legal advice.</p>
            </div>
          </Sheet>
        </>
      )}
      {can('settings:write') ? (
        <>
          <Problem error={act.error} />
          <div className="dialog-actions">
            <Button type="submit" loading={act.busy}>
              Save
            </Button>
          </div>
        </>
      ) : (
        <p className="fine">Your role may read these settings, not change them.</p>
      )}
    </form>
  );
}
