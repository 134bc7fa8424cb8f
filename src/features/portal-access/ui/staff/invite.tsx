import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { z } from 'zod';
import { inviteCustomers } from '#features/portal-access/api.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Report = z.output<typeof inviteCustomers.reply>;

/** What came of an invitation to several: each that could not go says why. */
function ReportDialog({ report, onClose }: { report: Report | null; onClose: () => void }) {
  if (!report) return null;
  return (
    <FormDialog
      opened
      title={report.in_background ? 'Invitations are on their way' : `${report.invited} invited`}
      onClose={onClose}
    >
      {report.in_background && (
        <p>They go out one after the other. Each customer’s Portal tab shows where it stands.</p>
      )}
      {report.skipped.length > 0 && (
        <>
          <p>
            {report.skipped.length === 1 ? 'One was left out:' : `${report.skipped.length} were left out:`}
          </p>
          <ul className="reasons">
            {report.skipped.map((each) => (
              <li key={each.customer_id}>
                <span className="strong">{each.display_name}</span> {each.reason}
              </li>
            ))}
          </ul>
        </>
      )}
    </FormDialog>
  );
}

/** Invites everyone who never was; asks first, for it may be thousands. */
export function InviteAll() {
  const invite = useAct(inviteCustomers);
  const [opened, door] = useDisclosure();
  const [report, setReport] = useState<Report | null>(null);
  const run = async (): Promise<void> => {
    const reply = await invite.run({ body: { all_never_invited: true } }).catch(() => undefined);
    if (!reply) return;
    door.close();
    setReport(reply);
  };
  return (
    <>
      <Button variant="default" onClick={door.open}>
        Invite all
      </Button>
      <FormDialog
        title="Invite everyone who never was?"
        opened={opened}
        onClose={door.close}
        onSubmit={run}
        submit="Invite them"
        busy={invite.busy}
        error={invite.error}
      >
        <p>
          Each active customer who was never invited gets a mail with a link that makes their login. Those
          without an e-mail address are left out and listed.
        </p>
      </FormDialog>
      <ReportDialog report={report} onClose={() => setReport(null)} />
    </>
  );
}
