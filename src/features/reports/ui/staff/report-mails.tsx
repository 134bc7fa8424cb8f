import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { getOrganization } from '#features/organizations/api.ts';
import {
  listReportMails,
  startReportMail,
  stopReportMail,
  type zReportMail,
} from '#features/reports/business/api.ts';
import type { ReportPageData } from '#features/reports/ui/staff/report-page.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Mail = z.output<typeof zReportMail>;
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const rhythmOf = ({ every, on_day: onDay }: Mail): string => {
  if (every === 'day') return 'Every day';
  return every === 'week' ? `Every ${weekdays[onDay - 1]}` : `Every month, on day ${onDay}`;
};

/** What goes out by itself, to whom and when next; each can be stopped. */
export function ReportMails() {
  const { can, date } = useFrame();
  const mails = useAsk(listReportMails);
  const stop = useAct(stopReportMail);
  const run = (id: string) => stop.run({ params: { id } }).then(() => tell('Stopped'), tellProblem);
  if (mails.error) return <Problem error={mails.error} onRetry={() => void mails.refetch()} />;
  const columns: Column<Mail>[] = [
    {
      key: 'title',
      title: 'Report',
      slot: 'title',
      cell: (mail) => `${mail.title}, as ${mail.format.toUpperCase()}`,
    },
    {
      key: 'to',
      title: 'To',
      slot: 'detail',
      cell: (mail) => <span className="break">{mail.recipients.join(', ')}</span>,
    },
    { key: 'when', title: 'When', slot: 'detail', cell: rhythmOf },
    { key: 'next', title: 'Next', slot: 'detail', cell: (mail) => mail.next_days.map(date).join(' · ') },
    ...(can('settings:write')
      ? [
          {
            key: 'stop',
            title: 'Stop',
            hideTitle: true,
            slot: 'detail',
            align: 'end',
            cell: (mail) => (
              <Button size="xs" variant="default" onClick={() => void run(mail.id)}>
                Stop
              </Button>
            ),
          } satisfies Column<Mail>,
        ]
      : []),
  ];
  return (
    <Sheet flush>
      <DataTable
        label="Reports by mail"
        columns={columns}
        rows={mails.data?.data}
        idOf={({ id }) => id}
        empty={
          <Empty title="No report goes out by mail">
            Open a report, set its filter and choose “Send by mail”.
          </Empty>
        }
      />
    </Sheet>
  );
}

type DialogProps = { report: ReportPageData; filter: Record<string, string>; onClose: () => void };

/** The report as it is filtered now, on its own days. */
export function MailReportDialog({ report, filter, onClose }: DialogProps) {
  const start = useAct(startReportMail);
  const [to, setTo] = useState('');
  const [every, setEvery] = useState<Mail['every']>('week');
  const [format, setFormat] = useState<Mail['format']>('pdf');
  const [onDay, setOnDay] = useState(1);
  const run = async (): Promise<void> => {
    const recipients = to.split(/[\s,;]+/).filter(Boolean);
    try {
      await start.run({ body: { report: report.key, filter, format, every, on_day: onDay, recipients } });
      tell('It goes out by mail from now on', 'Reports, then By mail, shows when.');
      onClose();
    } catch {
      // The dialog shows it.
    }
  };
  return (
    <FormDialog
      title={`${report.title} by mail`}
      opened
      onClose={onClose}
      onSubmit={run}
      submit="Send by mail"
      busy={start.busy}
      error={start.error}
    >
      <TextInput
        label="To"
        description="One address, or several with commas between them."
        value={to}
        data-autofocus
        required
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Select
        label="How often"
        data={[
          { value: 'day', label: 'Every day' },
          { value: 'week', label: 'Every week' },
          { value: 'month', label: 'Every month' },
        ]}
        value={every}
        allowDeselect={false}
        onChange={(next) => {
          setEvery((next ?? 'week') as Mail['every']);
          setOnDay(1);
        }}
      />
      <OnDay every={every} onDay={onDay} onChange={setOnDay} />
      <Select
        label="As"
        data={[
          { value: 'pdf', label: 'PDF' },
          { value: 'xlsx', label: 'Excel' },
          { value: 'csv', label: 'CSV' },
        ]}
        value={format}
        allowDeselect={false}
        onChange={(next) => setFormat((next ?? 'pdf') as Mail['format'])}
      />
    </FormDialog>
  );
}

type OnDayProps = { every: Mail['every']; onDay: number; onChange: (day: number) => void };

/** The days of the week, from the one that the organization begins it with. */
function useWeekdays(): { value: string; label: string }[] {
  const organization = useAsk(getOrganization);
  const first = ((organization.data?.first_weekday ?? 1) + 6) % 7;
  return weekdays.map((_, at) => {
    const day = (at + first) % 7;
    return { value: String(day + 1), label: weekdays[day] ?? '' };
  });
}

function OnDay({ every, onDay, onChange }: OnDayProps) {
  const days = useWeekdays();
  if (every === 'week')
    return (
      <Select
        label="On"
        data={days}
        value={String(onDay)}
        allowDeselect={false}
        onChange={(next) => onChange(Number(next ?? 1))}
      />
    );
  if (every === 'month')
    return (
      <NumberInput
        label="On day"
        description="The last day of a month that has no such day."
        min={1}
        max={31}
        value={onDay}
        onChange={(next) => onChange(Number(next) || 1)}
      />
    );
  return null;
}
