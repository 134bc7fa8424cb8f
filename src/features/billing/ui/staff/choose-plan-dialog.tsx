import { Skeleton, TextInput } from '@mantine/core';
import { choosePlan, previewPlan } from '#features/billing/api.ts';
import { BillLines } from '#features/billing/ui/staff/bill-lines.tsx';
import { type Billing, type BillingPlan, priceWords } from '#features/billing/ui/staff/plan-words.ts';
import { getOrganization } from '#features/organizations/api.ts';
import { addDays } from '#lib/dates.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { emailLike, useFields } from '#ui/use-fields.ts';

type Props = { billing: Billing; plan: BillingPlan; onClose: () => void };

/** What taking this plan bills now, to the cent, before it is taken. */
export function ChoosePlanDialog({ billing, plan, onClose }: Props) {
  const organization = useAsk(getOrganization);
  if (!organization.data) return null;
  return <Choice billing={billing} plan={plan} onClose={onClose} email={organization.data.email ?? ''} />;
}

function Choice({ billing, plan, onClose, email }: Props & { email: string }) {
  const { money, date, locale } = useFrame();
  const choose = useAct(choosePlan);
  const preview = useAsk(previewPlan, { query: { plan_id: plan.id } });
  const isFirst = billing.subscription === null && billing.invoices.length === 0;
  const form = useFields({ email }, isFirst ? { email: emailLike('Where shall bills go?') } : {});
  const submit = form.submit(async (values) => {
    await choose.run({ body: { plan_id: plan.id, ...(isFirst ? { email: values.email.trim() } : {}) } });
    tell(`Your plan is ${plan.name}`);
    onClose();
  });
  const told = preview.data;
  const span = told ? `from ${date(told.starts_on)} to ${date(addDays(told.ends_on, -1))}` : '';
  return (
    <FormDialog
      title={billing.subscription ? `Change to ${plan.name}` : plan.name}
      opened
      size="lg"
      onClose={onClose}
      onSubmit={() => submit()}
      submit={billing.subscription ? 'Change the plan' : 'Take this plan'}
      busy={choose.busy}
      disabled={!told}
      error={choose.error}
    >
      <p>{priceWords(plan, { money, locale })}</p>
      <Problem error={preview.error} onRetry={() => void preview.refetch()} />
      {!told && !preview.error && <Skeleton height={120} radius="md" />}
      {told && (
        <>
          <p>
            {told.is_trial
              ? `Free of charge ${span}. The first bill comes on ${date(told.ends_on)}.`
              : `A new period begins, ${span}.`}
          </p>
          {!told.is_trial && (
            <section className="bill-now">
              <h3>Billed now</h3>
              <BillLines bill={told.due_now} currency={billing.currency} />
            </section>
          )}
        </>
      )}
      {isFirst && (
        <TextInput
          label="Bills go to"
          type="email"
          required
          description={`${billing.host_name} gets your name and this address, and counts what you use. It sees nothing else of yours.`}
          {...form.text('email')}
        />
      )}
    </FormDialog>
  );
}
