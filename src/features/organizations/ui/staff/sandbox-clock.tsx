import { Button, TextInput } from '@mantine/core';
import { IconPlayerTrackNext } from '@tabler/icons-react';
import { advanceClock } from '#features/organizations/api.ts';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import { addDays } from '#lib/dates.ts';
import { useFrame } from '#ui/frame.tsx';
import { Figures, Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

/** A sandbox lives in its own time: each skipped day runs as it would have, with debits and due dates. */
export function SandboxClock({ organization }: { organization: Organization }) {
  const { date, instant, can } = useFrame();
  const advance = useAct(advanceClock);
  const form = useFields(
    { days: '7' },
    {
      days: (text) =>
        /^\d{1,3}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 400
          ? null
          : 'Give a number of days from 1 to 400',
    },
  );
  const days = Number(form.values.days);
  const run = async (count: number): Promise<void> => {
    const clock = await advance.run({ body: { days: count } });
    tell(
      clock.pending
        ? `On the way to ${date(addDays(organization.today, count))}`
        : `It is ${date(clock.today)} now`,
      clock.pending ? 'Each day is lived through; the pages follow.' : undefined,
    );
  };
  const submit = form.submit(({ days: text }) => run(Number(text)));
  return (
    <>
      <Figures
        figures={[
          { label: 'Today, in practice', value: date(organization.today) },
          { label: 'Its clock', value: instant(organization.now) },
        ]}
      />
      <Sheet title="Move the clock forward">
        <form onSubmit={submit} className="stack" noValidate>
          <p className="measure">
            Days pass one by one, with everything that would happen on them: bank debits settle, invoices fall
            past due. The clock only goes forward, and only in practice mode.
          </p>
          <div className="row">
            {[1, 7, 30].map((count) => (
              <Button
                key={count}
                variant="default"
                disabled={advance.busy || !can('clock:write')}
                onClick={() => void run(count).catch(() => undefined)}
              >
                {count === 1 ? 'One day' : `${count} days`}
              </Button>
            ))}
          </div>
          <div className="row clock-row">
            <TextInput label="Days" inputMode="numeric" w={96} {...form.text('days')} />
            <Button
              type="submit"
              loading={advance.busy}
              disabled={!can('clock:write')}
              leftSection={<IconPlayerTrackNext size={16} aria-hidden />}
            >
              {Number.isInteger(days) && days > 0 && days <= 400
                ? `Go to ${date(addDays(organization.today, days))}`
                : 'Go'}
            </Button>
          </div>
          <Problem error={advance.error} />
        </form>
      </Sheet>
    </>
  );
}
