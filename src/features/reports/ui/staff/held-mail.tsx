import { Button } from '@mantine/core';
import { IconMailForward } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { listHeldMail, sendHeldMail } from '#features/reports/api.ts';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty } from '#ui/page.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

type Held = z.output<typeof listHeldMail.reply>['data'][number];

/** Customers whose address works again, and the mail that did not reach them: sent to one, or to several. */
export function HeldMail() {
  const { can, count, instant } = useFrame();
  const trail = useTrail();
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const held = useAsk(listHeldMail, { query: { limit: 25, starting_after: trail.after } }, { keep: true });
  const ids = (held.data?.data ?? []).map(({ id }) => id).filter((id) => chosen.has(id));
  const mayWrite = can('invoices:write');
  const columns: Column<Held>[] = [
    { key: 'name', title: 'Customer', slot: 'title', cell: (row) => <Who held={row} /> },
    {
      key: 'mails',
      title: 'Mail that did not arrive',
      slot: 'detail',
      cell: (row) => (
        <>
          {count(row.mails, 'mail')}
          <span className="cell-under num">newest {instant(row.newest_at)}</span>
        </>
      ),
    },
  ];
  return (
    <>
      {ids.length > 0 && (
        <SelectionBar count={ids.length} noun="customer" onClear={() => choose(new Set())}>
          <SendHeldMail customerIds={ids} onSent={() => choose(new Set())} />
        </SelectionBar>
      )}
      <Listing asked={held} trail={trail} noun="customer" tools={<ExportList small list="held_mail" />}>
        <DataTable
          label="Held-back mail"
          columns={columns}
          rows={held.data?.data}
          idOf={({ id }) => id}
          nameOf={({ display_name: name }) => name}
          {...(mayWrite ? { selection: { ids: new Set(ids), change: choose } } : {})}
          empty={
            <Empty title="Nothing waits to be sent again" icon={<IconMailForward size={22} stroke={1.5} />}>
              Once an address that mail came back from is repaired, what did not arrive meanwhile stands here.
            </Empty>
          }
        />
      </Listing>
    </>
  );
}

function Who({ held }: { held: Held }) {
  return (
    <>
      <Link to={`/customers/${held.id}`}>{held.display_name}</Link>
      <span className="cell-under break">{held.email}</span>
    </>
  );
}

/** One click: everything that did not reach these customers. */
export function SendHeldMail({ customerIds, onSent }: { customerIds: string[]; onSent?: () => void }) {
  const { count } = useFrame();
  const send = useAct(sendHeldMail);
  const run = async (): Promise<void> => {
    const done = await send
      .run({ body: { customer_ids: customerIds } })
      .catch((error: unknown) => void tellProblem(error));
    if (!done) return;
    onSent?.();
    const rest = done.left > 0 ? `; ${count(done.left, 'mail')} has to be sent from its own page` : '';
    tell(`${count(done.sent, 'mail')} on its way${rest}`);
  };
  return (
    <Button size="xs" loading={send.busy} onClick={() => void run()}>
      Send again
    </Button>
  );
}
