import { Button, Select, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { CustomerPick } from '#features/customers/ui/staff/customer-pick.tsx';
import { readReportPage, type zReportPage } from '#features/reports/business/api.ts';
import { ReportChart } from '#features/reports/ui/staff/report-chart.tsx';
import { MailReportDialog } from '#features/reports/ui/staff/report-mails.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { DateField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

export type ReportPageData = z.output<typeof zReportPage>;
type Row = ReportPageData['rows'][number] & { id: string };
type Change = (change: Record<string, string | undefined>) => void;
type Props = { name: string; filter: Record<string, string>; onFilter: Change };

const formats = [
  ['csv', 'CSV'],
  ['xlsx', 'Excel'],
  ['pdf', 'PDF'],
] as const;

/** One report, whichever it is: its filters, its chart, its rows and what they add up to. */
export function ReportPage({ name, filter, onFilter }: Props) {
  const { can, count } = useFrame();
  const [mailing, mail] = useDisclosure();
  const report = useAsk(readReportPage, { params: { key: name }, query: filter }, { keep: true });
  const page = report.data;
  const query = new URLSearchParams(filter).toString();
  return (
    <>
      <PageHead
        title={page?.title ?? 'Report'}
        back={{ to: '/reports', label: 'Reports' }}
        detail={page?.answers}
        actions={
          <>
            {formats.map(([format, title]) => (
              <Button
                key={format}
                component="a"
                variant="default"
                href={`/v1/reports/${name}/${format}${query ? `?${query}` : ''}`}
                download
              >
                {title}
              </Button>
            ))}
            {can('settings:write') && <Button onClick={mail.open}>Send by mail</Button>}
          </>
        }
      />
      {page && <ReportFilters page={page} filter={filter} onFilter={onFilter} />}
      {report.error ? (
        <Problem error={report.error} onRetry={() => void report.refetch()} />
      ) : (
        <>
          {page?.chart && <ReportChart chart={page.chart} />}
          <Sheet flush aside={page && count(page.count, 'row')} title={page?.asked || undefined}>
            <ReportTable page={page} />
          </Sheet>
          {page && <Notes page={page} />}
        </>
      )}
      {page && mailing && <MailReportDialog report={page} filter={filter} onClose={mail.close} />}
    </>
  );
}

function ReportFilters({ page, filter, onFilter }: { page: ReportPageData } & Omit<Props, 'name'>) {
  const isOwn = page.filter.period === 'custom' || filter.period === 'custom';
  const fields = page.fields.filter(({ name }) => isOwn || !['from', 'to'].includes(name));
  return (
    <div className="toolbar report-filters">
      {fields.map((field) => {
        const { name, label } = field;
        const value = filter[name] ?? page.filter[name] ?? '';
        const set = (next: string | null | undefined): void => onFilter({ [name]: next || undefined });
        if (field.kind === 'choice')
          return (
            <Select
              key={name}
              label={label}
              data={field.options}
              value={value}
              allowDeselect={false}
              onChange={(next) =>
                next === 'custom'
                  ? onFilter({ period: 'custom', from: page.today, to: page.today })
                  : onFilter({
                      [name]: next ?? undefined,
                      ...(name === 'period' ? { from: undefined, to: undefined } : {}),
                    })
              }
            />
          );
        if (field.kind === 'date')
          return <DateField key={name} label={label} value={value || page.today} onChange={set} />;
        if (field.kind === 'customer')
          return <CustomerPick key={name} label={label} id={value || undefined} onChange={set} clearable />;
        return (
          <TextInput
            key={`${name} ${value}`}
            label={label}
            type="number"
            min={field.least}
            max={field.most}
            defaultValue={value}
            onBlur={(event) => event.currentTarget.value !== value && set(event.currentTarget.value)}
          />
        );
      })}
    </div>
  );
}

function useShown(): (cell: string | number | null, kind: string, currency: string | null) => string {
  const { money, date, locale, currency: own } = useFrame();
  return (cell, kind, currency) => {
    if (cell === null) return kind === 'text' ? '' : '–';
    if (kind === 'money') return money(Number(cell), currency ?? own);
    if (kind === 'date') return date(String(cell));
    if (kind === 'percent') return `${cell} %`;
    return kind === 'text' ? String(cell) : Number(cell).toLocaleString(locale);
  };
}

function ReportTable({ page }: { page: ReportPageData | undefined }) {
  const show = useShown();
  const several = (page?.totals.length ?? 0) > 1;
  const totals = (page?.totals ?? []).map((total, at) => ({ ...total, id: `total ${at}`, link: null }));
  const rows: Row[] | undefined = page && [
    ...page.rows.map((row, at) => ({ ...row, id: String(at) })),
    ...(page.columns.some(({ sum }) => sum) && page.rows.length > 0 ? totals : []),
  ];
  const columns: Column<Row>[] = (page?.columns ?? []).map((column, at) => ({
    key: column.key,
    title: column.title,
    slot: at === 0 ? 'title' : 'detail',
    ...(['text', 'date'].includes(column.kind) ? {} : { align: 'end' as const }),
    cell: (row) => {
      if (at === 0 && row.id.startsWith('total'))
        return <strong>{several && row.currency ? `Total ${row.currency}` : 'Total'}</strong>;
      const text =
        row.id.startsWith('total') && row.cells[at] === null
          ? ''
          : show(row.cells[at] ?? null, column.kind, row.currency);
      const body = row.id.startsWith('total') ? <strong className="num">{text}</strong> : text;
      if (at === 0)
        return row.link ? <ReportLink link={row.link}>{text || 'Unnamed'}</ReportLink> : text || 'Unnamed';
      // A cell without words takes no label either.
      return (
        <span className="num report-cell">
          {text !== '' && <span className="report-label">{column.title}</span>}
          {body}
        </span>
      );
    },
  }));
  return (
    <DataTable
      label={page?.title ?? 'Report'}
      columns={columns}
      rows={rows}
      idOf={({ id }) => id}
      empty={<Empty title="Nothing to report">No row fits this filter.</Empty>}
    />
  );
}

/** A row opens what is behind it: a customer, an invoice, or a report with its filter. */
function ReportLink({ link, children }: { link: string; children: string }) {
  const [path = '', query] = link.split('?');
  return (
    <Link to={path} search={Object.fromEntries(new URLSearchParams(query))}>
      {children}
    </Link>
  );
}

function Notes({ page }: { page: ReportPageData }) {
  const { locale } = useFrame();
  const cut = page.rows.length < page.count;
  return (
    <div className="report-notes">
      {cut && (
        <p>
          The first {page.rows.length} of {page.count.toLocaleString(locale)} rows; the totals are of all. CSV
          and Excel have every row.
        </p>
      )}
      {page.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}
