import { Button } from '@mantine/core';
import { useState } from 'react';
import { cancelPlan, resumePlan } from '#features/billing/api.ts';
import { BillLines } from '#features/billing/ui/staff/bill-lines.tsx';
import { BilledInvoices } from '#features/billing/ui/staff/billed-invoices.tsx';
import { ChoosePlanDialog } from '#features/billing/ui/staff/choose-plan-dialog.tsx';
import {
  type Billing,
  type BillingPlan,
  meterLines,
  priceWords,
} from '#features/billing/ui/staff/plan-words.ts';
import { UsageBars } from '#features/billing/ui/staff/usage-bars.tsx';
import { addDays } from '#lib/dates.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Facts, Sheet } from '#ui/page.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Subscription = NonNullable<Billing['subscription']>;

/** The own plan: what it costs, what was used, what the next bill will be, and the bills there were. */
export function SubscriberBilling({ billing }: { billing: Billing }) {
  const [choosing, setChoosing] = useState<BillingPlan>();
  const { subscription } = billing;
  return (
    <div className="stack loose">
      {subscription && <OwnPlan subscription={subscription} hostName={billing.host_name ?? ''} />}
      {subscription && (
        <Sheet title="Used so far" aside="Counted daily, and today up to now">
          <UsageBars usage={subscription.usage} locale={billing.locale} />
        </Sheet>
      )}
      {subscription && <NextBill subscription={subscription} currency={billing.currency} />}
      <Offered billing={billing} onChoose={setChoosing} />
      <BilledInvoices billing={billing} />
      {choosing && (
        <ChoosePlanDialog billing={billing} plan={choosing} onClose={() => setChoosing(undefined)} />
      )}
    </div>
  );
}

const states = {
  trial: { tone: 'accent', words: 'Trial' },
  active: { tone: 'good', words: 'Active' },
  ends: { tone: 'warn', words: 'Ends' },
} as const;

function OwnPlan({ subscription, hostName }: { subscription: Subscription; hostName: string }) {
  const { can, date, money, locale } = useFrame();
  const [ending, setEnding] = useState(false);
  const resume = useAct(resumePlan);
  const { plan, state, starts_on: from, ends_on: to } = subscription;
  const { tone, words } = states[state];
  const keep = () =>
    resume.run({}).then(
      () => tell('Your plan goes on'),
      (error: unknown) => tellProblem(error),
    );
  return (
    <Sheet title={`Your plan: ${plan.name}`} aside={<State tone={tone}>{words}</State>}>
      <Facts
        facts={[
          { label: 'Billed by', value: hostName },
          { label: 'Price', value: priceWords(plan, { money, locale }) },
          {
            label: state === 'trial' ? 'Trial, free of charge' : 'This period',
            value: `${date(from)} to ${date(addDays(to, -1))}`,
          },
          {
            label: state === 'ends' ? 'Ends on' : 'Next bill on',
            value: date(to),
          },
        ]}
      />
      {can('settings:write') && (
        <div className="dialog-actions">
          {state === 'ends' ? (
            <Button variant="default" loading={resume.busy} onClick={() => void keep()}>
              Keep the plan
            </Button>
          ) : (
            <Button variant="default" onClick={() => setEnding(true)}>
              Cancel the plan
            </Button>
          )}
        </div>
      )}
      {ending && <CancelDialog subscription={subscription} onClose={() => setEnding(false)} />}
    </Sheet>
  );
}

function CancelDialog({ subscription, onClose }: { subscription: Subscription; onClose: () => void }) {
  const { date } = useFrame();
  const cancel = useAct(cancelPlan);
  const run = async (): Promise<void> => {
    await cancel.run({}).then(
      () => {
        tell('Your plan ends with its period');
        onClose();
      },
      () => undefined,
    );
  };
  return (
    <FormDialog
      title="Cancel the plan"
      opened
      danger
      onClose={onClose}
      onSubmit={run}
      submit="Cancel the plan"
      busy={cancel.busy}
      error={cancel.error}
    >
      <p>
        {subscription.plan.name} ends on {date(subscription.ends_on)}
        {subscription.state === 'trial'
          ? ', with your trial, and nothing is billed.'
          : '. What you use beyond what is included until then is billed on that day, and nothing after it.'}
      </p>
      <p>Your data stays, and nothing is locked. Until then you can take it back.</p>
    </FormDialog>
  );
}

function NextBill({ subscription, currency }: { subscription: Subscription; currency: string }) {
  const { date } = useFrame();
  return (
    <Sheet title="Next bill, as things stand" aside={date(subscription.ends_on)}>
      <BillLines bill={subscription.next_bill} currency={currency} />
    </Sheet>
  );
}

type OfferedProps = { billing: Billing; onChoose: (plan: BillingPlan) => void };

function Offered({ billing, onChoose }: OfferedProps) {
  const { can, money, locale } = useFrame();
  const own = billing.subscription?.plan.id;
  return (
    <Sheet title={own ? 'Other plans' : `Plans of ${billing.host_name}`}>
      {billing.plans.length === 0 && <Empty title="No plans yet">Your host offers none so far.</Empty>}
      <div className="plan-cards">
        {billing.plans
          .filter(({ id }) => id !== own)
          .map((plan) => (
            <article key={plan.id} className="plan-card">
              <h3>{plan.name}</h3>
              <p className="plan-price num">{priceWords(plan, { money, locale })}</p>
              {plan.description && <p>{plan.description}</p>}
              <ul>
                {meterLines(plan, { money, locale }).map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
              {billing.has_trial && plan.trial_days > 0 && (
                <p className="fine">The first {plan.trial_days} days are free.</p>
              )}
              {can('settings:write') && (
                <Button
                  variant={own ? 'default' : 'filled'}
                  onClick={() => onChoose(plan)}
                  aria-label={`${own ? 'Change to' : 'Choose'} ${plan.name}`}
                >
                  {own ? 'Change to this' : 'Choose'}
                </Button>
              )}
            </article>
          ))}
      </div>
    </Sheet>
  );
}
