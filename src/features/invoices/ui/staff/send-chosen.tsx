import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import { sendInvoices } from '#features/invoices/api.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Report = z.output<typeof sendInvoices.reply>;

/** Sends the chosen invoices after one question, and reports those that could not go. */
export function SendChosen({ ids, onDone }: { ids: string[]; onDone: () => void }) {
  const send = useAct(sendInvoices);
  const [opened, door] = useDisclosure();
  const [report, setReport] = useState<Report | null>(null);
  const noun = ids.length === 1 ? 'invoice' : 'invoices';
  const run = async (): Promise<void> => {
    const reply = await send.run({ body: { invoice_ids: ids } }).catch(() => undefined);
    if (!reply) return;
    door.close();
    if (reply.skipped.length > 0) {
      setReport(reply);
      return;
    }
    tell(`${reply.queued} ${noun} on the way`);
    onDone();
  };
  const close = (): void => {
    setReport(null);
    onDone();
  };
  return (
    <>
      <Button size="xs" leftSection={<IconSend size={14} aria-hidden />} onClick={door.open}>
        Send
      </Button>
      <FormDialog
        title={`Send ${ids.length} ${noun}?`}
        opened={opened}
        onClose={door.close}
        onSubmit={run}
        submit="Send"
        busy={send.busy}
        error={send.error}
      >
        <p>
          Each goes to its customer’s address with a Pay button. Drafts, void invoices and customers without
          an address are left out and listed.
        </p>
      </FormDialog>
      {report && (
        <FormDialog
          opened
          title={`${report.queued} on the way, ${report.skipped.length} left out`}
          onClose={close}
        >
          <ul className="reasons">
            {report.skipped.map((each) => (
              <li key={each.invoice_id}>
                <span className="strong num">{each.number}</span> {each.reason}
              </li>
            ))}
          </ul>
        </FormDialog>
      )}
    </>
  );
}
