import { ActionIcon, Menu, Select } from '@mantine/core';
import { IconDots, IconPhone } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { listAssignees, listWorklist } from '#features/collections/api.ts';
import { type WorklistKind, worklistKinds } from '#features/collections/rules.ts';
import { kindWords, type WorklistRow } from '#features/collections/ui/staff/collection-words.ts';
import { type DeskDialog, DeskDialogs } from '#features/collections/ui/staff/customer-desk.tsx';
import { useWorklistColumns } from '#features/collections/ui/staff/worklist-columns.tsx';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { readTyped, toTyped } from '#lib/money.ts';
import { DataTable } from '#ui/data-table.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export type WorklistSearch = { kind?: WorklistKind; assignee?: string; min_amount?: string };
type Change = (change: { [K in keyof WorklistSearch]?: WorklistSearch[K] | undefined }) => void;
type Props = {
  search: WorklistSearch;
  onSearch: Change;
  /** Saved views of this list. */
  views: ReactNode;
  /** The statement of a customer: belongs to statements. */
  statement: (row: WorklistRow, onClose: () => void) => ReactNode;
};
type Doing = { row: WorklistRow; dialog: DeskDialog | 'statement' } | undefined;

/** Customers that need somebody today, what matters most first. */
export function WorklistPage({ search, onSearch, statement, views }: Props) {
  const trail = useTrail();
  const { can } = useFrame();
  const query = {
    ...search,
    ...(search.min_amount ? { min_amount: Number(search.min_amount) } : {}),
    starting_after: trail.after,
    limit: 50,
  };
  const asked = useAsk(listWorklist, { query }, { keep: true });
  const [doing, setDoing] = useState<Doing>();
  const start = (dialog: DeskDialog | 'statement') => (row: WorklistRow) => setDoing({ row, dialog });
  const columns = useWorklistColumns((row) => <RowActions row={row} start={start} />);
  const may = can('customers:write');
  return (
    <>
      <PageHead
        title="Collections"
        detail="Who needs somebody today, what matters most first"
        actions={
          <>
            {views}
            <ExportList list="worklist" search={search} />
          </>
        }
      />
      <Filters search={search} onSearch={onSearch} />
      <Listing asked={asked} trail={trail} noun="customer">
        <DataTable
          label="Worklist"
          columns={columns}
          rows={asked.data?.data}
          idOf={({ id }) => id}
          nameOf={({ customer_name: name }) => name}
          linkOf={({ id }) => `/customers/${id}?tab=collections`}
          {...(may ? { rowKeys: { n: start('note'), p: start('promise'), t: start('task') } } : {})}
          empty={<Nobody search={search} />}
        />
      </Listing>
      {may && asked.data && asked.data.data.length > 0 && (
        <p className="fine keys-hint">
          <kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> open · <kbd>n</kbd> call note · <kbd>p</kbd>{' '}
          promise · <kbd>t</kbd> task
        </p>
      )}
      {doing?.dialog === 'statement' && statement(doing.row, () => setDoing(undefined))}
      {doing && doing.dialog !== 'statement' && (
        <DeskDialogs
          key={doing.row.id}
          customer={{ id: doing.row.id, name: doing.row.customer_name, phone: doing.row.phone }}
          dialog={doing.dialog}
          onDialog={(dialog) => setDoing(dialog && { row: doing.row, dialog })}
        />
      )}
    </>
  );
}

const kinds = [
  { value: 'all' as const, label: 'All' },
  ...worklistKinds.map((kind) => ({ value: kind, label: kindWords[kind].word })),
];

function Filters({ search, onSearch }: Pick<Props, 'search' | 'onSearch'>) {
  const { currency, locale } = useFrame();
  const people = useAsk(listAssignees).data?.data ?? [];
  const [typed, setTyped] = useState(
    search.min_amount ? toTyped(BigInt(search.min_amount), currency, locale) : '',
  );
  const asked = search.min_amount;
  // A saved view, or a way back, changes it from outside; what is typed stays as it was typed.
  useEffect(() => {
    const said = asked ? toTyped(BigInt(asked), currency, locale) : '';
    setTyped((before) =>
      (readTyped(before, currency, locale) ?? 0n) === BigInt(asked ?? 0) ? before : said,
    );
  }, [asked, currency, locale]);
  const least = (text: string): void => {
    setTyped(text);
    const amount = text.trim() ? readTyped(text, currency, locale) : undefined;
    if (text.trim() && amount === undefined) return;
    onSearch({ min_amount: amount ? `${amount}` : undefined });
  };
  return (
    <>
      <div className="toolbar">
        <Chips
          label="Why they are here"
          value={search.kind ?? 'all'}
          options={kinds}
          onChange={(kind) => onSearch({ kind: kind === 'all' ? undefined : kind })}
        />
      </div>
      <div className="toolbar desk-filters">
        <Select
          aria-label="Looked after by"
          placeholder="Looked after by anybody"
          clearable
          data={[
            { value: 'me', label: 'Mine' },
            { value: 'nobody', label: 'Nobody’s' },
            ...people.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={search.assignee ?? null}
          onChange={(assignee) => onSearch({ assignee: assignee ?? undefined })}
        />
        <MoneyField
          aria-label="At least"
          placeholder="0"
          leftSection={<span className="unit">At least</span>}
          leftSectionWidth={72}
          currency={currency}
          value={typed}
          onChange={least}
        />
      </div>
    </>
  );
}

function Nobody({ search }: { search: WorklistSearch }) {
  const filtered = Object.values(search).some((value) => value !== undefined);
  return (
    <Empty
      title={filtered ? 'Nobody matches these filters' : 'Nobody needs you today'}
      icon={<IconPhone size={22} stroke={1.5} />}
    >
      {filtered
        ? 'Take a filter off to see the rest of the list.'
        : `Customers appear here when something is past due, a promise comes due or is broken, a payment
          fails, mail bounces, or a task is due.`}
    </Empty>
  );
}

type ActionsProps = {
  row: WorklistRow;
  start: (dialog: DeskDialog | 'statement') => (row: WorklistRow) => void;
};

function RowActions({ row, start }: ActionsProps) {
  const { can } = useFrame();
  if (!can('customers:write')) return null;
  const owes = row.invoice !== null;
  return (
    <span className="desk-act">
      <ActionIcon
        variant="default"
        size="md"
        aria-label={`Call note: ${row.customer_name}`}
        title="Call note (n)"
        onClick={() => start('note')(row)}
      >
        <IconPhone size={16} aria-hidden />
      </ActionIcon>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="default" size="md" aria-label={`More for ${row.customer_name}`}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {owes && (
            <Menu.Item rightSection={<kbd>p</kbd>} onClick={() => start('promise')(row)}>
              Promise to pay
            </Menu.Item>
          )}
          <Menu.Item rightSection={<kbd>t</kbd>} onClick={() => start('task')(row)}>
            New task
          </Menu.Item>
          {can('invoices:write') && owes && (
            <Menu.Item onClick={() => start('statement')(row)}>Send statement</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}
