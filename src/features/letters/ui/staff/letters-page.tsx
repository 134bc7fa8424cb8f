import { Button } from '@mantine/core';
import { IconMailForward, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import {
  listLettersToPrint,
  markLettersMailed,
  mostPrinted,
  type zLetterToPrint,
} from '#features/letters/api.ts';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

type Letter = z.output<typeof zLetterToPrint>;

/** Letters that the organization prints, folds and mails itself, oldest first. */
export function LettersPage() {
  const trail = useTrail();
  const { count } = useFrame();
  const letters = useAsk(
    listLettersToPrint,
    { query: { limit: mostPrinted, starting_after: trail.after } },
    { keep: true },
  );
  const rows = letters.data?.data;
  const [chosen, choose] = useState<ReadonlySet<string>>();
  const ids = (rows ?? []).map(({ id }) => id).filter((id) => chosen?.has(id) ?? true);
  return (
    <>
      <PageHead
        back={{ to: '/messages', label: 'Messages' }}
        title="Letters to print"
        detail="Print them, put them into window envelopes, and mark them as mailed."
        actions={
          <>
            <ExportList list="letters_to_print" />
            {ids.length > 0 && <BatchActions ids={ids} onMailed={() => choose(undefined)} />}
          </>
        }
      />
      {rows && rows.length > 0 && (
        <p className="fine" role="status">
          {count(ids.length, 'letter')} chosen
        </p>
      )}
      <Listing asked={letters} trail={trail} noun="letter">
        <DataTable
          label="Letters to print"
          columns={useColumns()}
          rows={rows}
          idOf={({ id }) => id}
          nameOf={({ name }) => name}
          linkOf={({ id }) => `/messages?id=${id}`}
          selection={{ ids: new Set(ids), change: choose }}
          empty={
            <Empty title="No letter waits to be printed" icon={<IconMailForward size={22} stroke={1.5} />}>
              Letters stand here when nobody is connected who prints and mails them for you.
            </Empty>
          }
        />
      </Listing>
    </>
  );
}

function BatchActions({ ids, onMailed }: { ids: string[]; onMailed: () => void }) {
  const { can, count } = useFrame();
  const mark = useAct(markLettersMailed);
  const mailed = async (): Promise<void> => {
    const done = await mark.run({ body: { ids } }).catch((error: unknown) => void tellProblem(error));
    if (!done) return;
    onMailed();
    const names = done.held.map(({ name }) => name).join(', ');
    const out =
      names && `Held back: paid, at rest or at an address in doubt by now. Take out of the pile: ${names}.`;
    tell(`${count(done.count, 'letter')} marked as mailed`, out || undefined);
  };
  return (
    <>
      <Button
        component="a"
        href={`/v1/letters-to-print/file?ids=${ids.join(',')}`}
        target="_blank"
        rel="noopener"
        variant="default"
        leftSection={<IconPrinter size={16} aria-hidden />}
      >
        Print as one file
      </Button>
      {can('invoices:write') && (
        <Button loading={mark.busy} onClick={() => void mailed()}>
          Mark as mailed
        </Button>
      )}
    </>
  );
}

function useColumns(): Column<Letter>[] {
  const { instant } = useFrame();
  return [
    {
      key: 'to',
      title: 'To',
      slot: 'title',
      cell: (letter) => (
        <>
          {letter.name}
          <span className="cell-under">{letter.address_lines.join(', ')}</span>
        </>
      ),
    },
    { key: 'subject', title: 'Subject', slot: 'detail', cell: ({ subject }) => subject },
    {
      key: 'written',
      title: 'Written',
      slot: 'detail',
      cell: ({ created_at: at }) => <span className="num">{instant(at)}</span>,
    },
  ];
}
