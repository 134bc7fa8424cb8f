import { Button, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMailCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { kindOf, MessageState } from '#features/correspondence/ui/staff/message-words.tsx';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import {
  dismissBounced,
  listBouncedEmails,
  resendBounced,
  type zBouncedEmail,
} from '#features/reports/api.ts';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty } from '#ui/page.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

type Bounced = z.output<typeof zBouncedEmail>;

/** Mails that did not arrive, each with what the other side said and the way to put it right. */
export function BouncedEmails() {
  const { can } = useFrame();
  const trail = useTrail();
  const bounced = useAsk(
    listBouncedEmails,
    { query: { limit: 25, starting_after: trail.after } },
    { keep: true },
  );
  const columns: Column<Bounced>[] = [
    { key: 'to', title: 'Recipient', slot: 'title', cell: (row) => <Recipient bounced={row} /> },
    { key: 'what', title: 'Mail', slot: 'detail', cell: (row) => <What bounced={row} /> },
    { key: 'why', title: 'What was said', slot: 'detail', cell: (row) => <Why bounced={row} /> },
    ...(can('invoices:write')
      ? [
          {
            key: 'repair',
            title: 'Repair',
            hideTitle: true,
            slot: 'detail',
            align: 'end',
            cell: (row) => <PutRight bounced={row} />,
          } satisfies Column<Bounced>,
        ]
      : []),
  ];
  return (
    <Listing asked={bounced} trail={trail} noun="mail" tools={<ExportList small list="bounced_emails" />}>
      <div className="whole-lines">
        <DataTable
          label="Bounced e-mails"
          columns={columns}
          rows={bounced.data?.data}
          idOf={({ id }) => id}
          empty={
            <Empty title="All mail arrived" icon={<IconMailCheck size={22} stroke={1.5} />}>
              A mail that comes back is listed here, with what the other side said, until it is put right.
            </Empty>
          }
        />
      </div>
    </Listing>
  );
}

function Recipient({ bounced }: { bounced: Bounced }) {
  const { customer, emails, held_back: heldBack } = bounced;
  return (
    <>
      {customer ? <Link to={`/customers/${customer.id}`}>{customer.display_name}</Link> : 'No customer'}
      <span className="cell-under break">{emails.join(', ')}</span>
      {heldBack.length > 0 && <span className="cell-under">Later mail is held back</span>}
    </>
  );
}

function What({ bounced }: { bounced: Bounced }) {
  const { instant } = useFrame();
  return (
    <>
      <Link to="/messages" search={{ id: bounced.id }}>
        {bounced.subject}
      </Link>
      <span className="cell-under">
        {bounced.invoice ? (
          <Link to={`/invoices/${bounced.invoice.id}`}>Invoice {bounced.invoice.number}</Link>
        ) : (
          kindOf(bounced.kind)
        )}
        {' · '}
        <span className="num">{instant(bounced.at)}</span>
      </span>
    </>
  );
}

function Why({ bounced }: { bounced: Bounced }) {
  return (
    <>
      <MessageState message={{ ...bounced, route: 'smtp' }} />
      <span className="cell-under break">{bounced.reason ?? 'No reason was given.'}</span>
    </>
  );
}

function PutRight({ bounced }: { bounced: Bounced }) {
  const [opened, door] = useDisclosure();
  const dismiss = useAct(dismissBounced);
  const run = async (): Promise<void> => {
    await dismiss.run({ params: { id: bounced.id } }).then(() => tell('Taken off the list'), tellProblem);
  };
  return (
    <div className="row-repair">
      {bounced.can_resend && (
        <Button size="xs" onClick={door.open}>
          Put right
        </Button>
      )}
      <Button size="xs" variant="default" loading={dismiss.busy} onClick={() => void run()}>
        Dismiss
      </Button>
      {opened && <PutRightDialog bounced={bounced} onClose={door.close} />}
    </div>
  );
}

function PutRightDialog({ bounced, onClose }: { bounced: Bounced; onClose: () => void }) {
  const resend = useAct(resendBounced);
  const before = bounced.emails[0] ?? '';
  const [email, setEmail] = useState(before);
  const isNew = email.trim().toLowerCase() !== before.toLowerCase();
  const run = async (): Promise<void> => {
    try {
      await resend.run({ params: { id: bounced.id }, body: isNew ? { email: email.trim() } : {} });
      tell(isNew ? `Sent to ${email.trim()}, which is kept` : 'Sent once more to the same address');
      onClose();
    } catch {
      // The dialog shows it.
    }
  };
  const named = bounced.customer?.display_name ?? 'the reader';
  return (
    <FormDialog
      title="Send this mail again"
      opened
      onClose={onClose}
      onSubmit={run}
      submit={isNew ? 'Save and send' : 'Try again'}
      busy={resend.busy}
      error={resend.error}
    >
      <p className="break">{bounced.reason ?? 'It did not arrive.'}</p>
      <TextInput
        label={`E-mail address of ${named}`}
        description={
          isNew
            ? 'It replaces the address that the mail came back from, for all later mail too.'
            : 'Unchanged, the same address is tried again and later mail goes there too.'
        }
        type="email"
        data-autofocus
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
