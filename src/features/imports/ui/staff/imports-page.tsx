import { IconFileImport } from '@tabler/icons-react';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { listImports } from '#features/imports/api.ts';
import type { ImportBatch } from '#features/imports/ui/staff/import-words.tsx';
import { ImportState, kindWords } from '#features/imports/ui/staff/import-words.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import type { Column } from '#ui/data-table.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

function useColumns(): Column<ImportBatch>[] {
  const { instant, locale } = useFrame();
  return [
    {
      key: 'file',
      title: 'File',
      slot: 'title',
      cell: (batch) => <span className="break">{batch.file_name}</span>,
    },
    { key: 'kind', title: 'Kind', slot: 'detail', cell: ({ kind }) => kindWords[kind], width: '110px' },
    {
      key: 'at',
      title: 'Uploaded',
      slot: 'detail',
      cell: (batch) => <span className="num">{instant(batch.created_at)}</span>,
    },
    {
      key: 'rows',
      title: 'Rows',
      slot: 'amount',
      align: 'end',
      cell: (batch) => (
        <>
          {batch.rows_total.toLocaleString(locale)}
          <span className="narrow-only"> {batch.rows_total === 1 ? 'row' : 'rows'}</span>
        </>
      ),
      width: '90px',
    },
    {
      key: 'rejected',
      title: 'Left out',
      slot: 'wide-only',
      align: 'end',
      width: '90px',
      cell: (batch) =>
        batch.rows_rejected > 0 ? (
          batch.rows_rejected.toLocaleString(locale)
        ) : (
          <span className="none">–</span>
        ),
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      width: '190px',
      cell: ({ state }) => <ImportState state={state} />,
    },
  ];
}

export function ImportsPage() {
  const trail = useTrail();
  const imports = useAsk(listImports, { query: { starting_after: trail.after } }, { keep: true });
  const columns = useColumns();
  return (
    <>
      <PageHead
        title="Imports"
        actions={
          <>
            <ExportList list="imports" />
            <ButtonLink to="/imports/new">Import a file</ButtonLink>
          </>
        }
      />
      <Listing asked={imports} trail={trail} noun="import">
        <DataTable
          label="Imports"
          columns={columns}
          rows={imports.data?.data}
          idOf={({ id }) => id}
          linkOf={({ id }) => `/imports/${id}`}
          toneOf={({ state }) => (state === 'undone' ? 'faint' : undefined)}
          empty={
            <Empty
              title="Nothing imported yet"
              icon={<IconFileImport size={22} stroke={1.5} />}
              action={<ButtonLink to="/imports/new">Import a file</ButtonLink>}
            >
              Bring customers, items and open invoices in from a CSV file. You see what would happen, row by
              row, before anything does; and an import can be undone.
            </Empty>
          }
        />
      </Listing>
    </>
  );
}
