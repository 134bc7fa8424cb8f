import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import { getSchedule } from '#features/schedules/api.ts';
import { pauseWords } from '#features/schedules/pause-rules.ts';
import { frequencyWords, occurrenceWords } from '#features/schedules/rules.ts';
import type { EditRooms } from '#features/schedules/ui/staff/edit-schedule-form.ts';
import { OccurrenceTable } from '#features/schedules/ui/staff/occurrence-table.tsx';
import { ScheduleActions } from '#features/schedules/ui/staff/schedule-actions.tsx';
import { kindWords, type Schedule, ScheduleState } from '#features/schedules/ui/staff/schedule-words.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Facts, Figures, PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

const back = { to: '/schedules', label: 'Schedules' };

type Props = { id: string; timeline: ReactNode; rooms: EditRooms };

/** One schedule: what it does, its next dates, and what became of those before. */
export function SchedulePage({ id, timeline, rooms }: Props) {
  const schedule = useAsk(getSchedule, { params: { id } });
  if (schedule.error)
    return (
      <>
        <PageHead back={back} title="Schedule" />
        <Problem error={schedule.error} onRetry={() => void schedule.refetch()} />
      </>
    );
  if (!schedule.data)
    return (
      <>
        <PageHead back={back} title="Schedule" />
        <Skeleton height={90} radius="lg" mb="lg" />
        <Skeleton height={320} radius="lg" />
      </>
    );
  const { data } = schedule;
  return (
    <>
      <PageHead
        back={back}
        title={data.description || `${kindWords[data.kind]} ${frequencyWords(data).toLowerCase()}`}
        state={<ScheduleState state={data.state} />}
        detail={
          <>
            {data.kind === 'invoice' ? 'Invoices to' : 'Payments of'}{' '}
            <Link to={`/customers/${data.customer_id}`}>{data.customer_name}</Link>
          </>
        }
        actions={<ScheduleActions schedule={data} rooms={rooms} />}
      />
      <Standing schedule={data} />
      <div className="columns">
        <div className="stack loose">
          {data.pause_reason && (
            <p className="note" data-tone="warn">
              {pauseWords[data.pause_reason]}
            </p>
          )}
          <OccurrenceTable id={id} currency={data.currency} />
        </div>
        <div className="stack loose">
          <NextDates schedule={data} />
          <Particulars schedule={data} />
          <Sheet title="Timeline">{timeline}</Sheet>
        </div>
      </div>
    </>
  );
}

function Standing({ schedule }: { schedule: Schedule }) {
  const { money, date } = useFrame();
  const isRunning = schedule.state === 'running';
  return (
    <Figures
      figures={[
        { label: 'Each time', value: money(schedule.amount, schedule.currency) },
        { label: 'How often', value: frequencyWords(schedule) },
        { label: 'Next', value: isRunning && schedule.next_on ? date(schedule.next_on) : '—' },
        {
          label: 'Made so far',
          value: occurrenceWords({ times: schedule.times, endsOn: schedule.ends_on }, schedule.taken),
        },
      ]}
    />
  );
}

function NextDates({ schedule }: { schedule: Schedule }) {
  const { date } = useFrame();
  if (schedule.state === 'completed') return null;
  return (
    <Sheet title={schedule.state === 'paused' ? 'Next dates, if it ran' : 'Next dates'}>
      {schedule.retry_on && (
        <p className="note">A charge that failed is tried again on {date(schedule.retry_on)}.</p>
      )}
      <ol className="stack tight num">
        {schedule.next_dates.map((on) => (
          <li key={on}>{date(on)}</li>
        ))}
      </ol>
    </Sheet>
  );
}

function Particulars({ schedule }: { schedule: Schedule }) {
  const { date } = useFrame();
  const { invoice, payment_method: method, payment_plan_id: plan } = schedule;
  const ofInvoice = invoice
    ? [
        { label: 'Each invoice is', value: invoice.issue ? 'Issued and sent' : 'Left as a draft' },
        { label: 'Days to pay', value: String(invoice.due_days) },
        { label: 'Lines', value: String(invoice.lines.length) },
        { label: 'Memo', value: invoice.memo, wide: true },
      ]
    : [];
  const ofPayment = method
    ? [
        { label: 'Charged to', value: methodName(method) },
        {
          label: 'The money goes',
          value: schedule.applies_to === 'oldest_invoices' ? 'To the oldest invoices' : 'To unapplied cash',
        },
        { label: 'Receipt to customer', value: schedule.receipt_to_customer ? 'Yes' : 'No' },
        { label: 'Receipt to us', value: schedule.receipt_to_organization ? 'Yes' : 'No' },
      ]
    : [];
  return (
    <Sheet title="Particulars">
      <Facts
        facts={[
          { label: 'First date', value: date(schedule.starts_on) },
          ...(schedule.ends_on ? [{ label: 'Last day', value: date(schedule.ends_on) }] : []),
          ...ofInvoice,
          ...ofPayment,
          ...(plan
            ? [{ label: 'Payment plan', value: <Link to={`/payment-plans/${plan}`}>{plan}</Link> }]
            : []),
          { label: 'Id', value: <code>{schedule.id}</code>, wide: true },
        ]}
      />
    </Sheet>
  );
}
