import { Button, Skeleton, Switch } from '@mantine/core';
import type { z } from 'zod';
import { getLateFeePolicy, setLateFeePolicy } from '#features/late-fees/api.ts';
import { AddCeiling } from '#features/late-fees/ui/staff/add-ceiling.tsx';
import { Booking } from '#features/late-fees/ui/staff/booking-sheet.tsx';
import { Ceilings } from '#features/late-fees/ui/staff/ceilings.tsx';
import { bodyOf, checksOf, termsOf, valuesOf } from '#features/late-fees/ui/staff/policy-form.ts';
import { PolicyPreview } from '#features/late-fees/ui/staff/policy-preview.tsx';
import { HowMuch, Limits, Place, Terms, WhenDue } from '#features/late-fees/ui/staff/policy-sheets.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Agreed = z.output<typeof getLateFeePolicy.reply>;

/** The terms of late fees. What is typed is shown at once as what an invoice would be charged. */
export function LateFeeSettings() {
  const agreed = useAsk(getLateFeePolicy);
  if (!agreed.data)
    return agreed.error ? (
      <Problem error={agreed.error} onRetry={() => void agreed.refetch()} />
    ) : (
      <Skeleton height={420} radius="lg" />
    );
  return <PolicyForm key={agreed.data.policy.version} agreed={agreed.data} />;
}

function PolicyForm({ agreed: { policy, ceilings } }: { agreed: Agreed }) {
  const { currency, locale, today, date, can } = useFrame();
  const place = { currency, locale };
  const act = useAct(setLateFeePolicy);
  const form = useFields(valuesOf(policy, place, today), checksOf(place));
  const terms = termsOf(form.values, place, today);
  const submit = form.submit(async (values) => {
    await act.run({ body: bodyOf(values, place) });
    tell(values.is_active ? 'Terms saved' : 'Late fees are off');
  });
  const since =
    policy.version === 0
      ? 'Late fees have never been on.'
      : `Version ${policy.version} of your terms, for invoices due from ${date(policy.effective_from)} on.`;
  return (
    <form onSubmit={submit} className="stack loose" noValidate>
      <Sheet
        title="Late fees"
        aside={
          <ButtonLink to="/late-fees" variant="default" size="compact-sm">
            See late fees
          </ButtonLink>
        }
      >
        <div className="stack">
          <Switch
            label="Charge late fees"
            description={`${since} Each customer and each invoice can be set apart from them.`}
            {...form.flag('is_active')}
          />
        </div>
      </Sheet>
      <HowMuch form={form} />
      <WhenDue form={form} />
      <Limits form={form} />
      <Booking form={form} />
      <PolicyPreview terms={terms} />
      <Terms form={form} />
      <Sheet
        title="What law and trade say"
        aside={can('settings:write') && <AddCeiling place={form.values.jurisdiction} />}
      >
        <div className="stack">
          <Place form={form} ceilings={ceilings} />
          <Ceilings ceilings={ceilings} place={form.values.jurisdiction} terms={terms} />
          <p className="fine">Facts with their sources, not legal advice.</p>
        </div>
      </Sheet>
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
