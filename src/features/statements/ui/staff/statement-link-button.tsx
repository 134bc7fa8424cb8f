import { Button, Checkbox } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { ChannelChoice } from '#features/correspondence/ui/staff/channel-choice.tsx';
import { makeStatementLink } from '#features/statements/api.ts';
import { LinkToCopy } from '#ui/copy.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Link = z.output<(typeof makeStatementLink)['reply']>;
type Props = { customerId: string; email: string | null };

/** Beside a customer's invoices: one link that opens and takes payment for all that are open. */
export function StatementLinkButton(props: Props) {
  const { can } = useFrame();
  const [opened, door] = useDisclosure();
  if (!can('invoices:write')) return null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconLink size={14} aria-hidden />}
        onClick={door.open}
      >
        Statement link
      </Button>
      {opened && <StatementDialog {...props} onClose={door.close} />}
    </>
  );
}

export function StatementDialog({ customerId, email, onClose }: Props & { onClose: () => void }) {
  const make = useAct(makeStatementLink);
  const [link, setLink] = useState<Link>();
  const [replace, setReplace] = useState(false);
  const [channels, setChannels] = useState<Channel[]>(email === null ? [] : ['email']);
  const run = (mail: boolean): void => {
    const body = mail ? { mail, replace, channels } : { mail, replace };
    const input = { params: { id: customerId }, body };
    // What went wrong stands in the dialog.
    make.run(input).then(setLink, () => undefined);
  };
  return (
    <FormDialog title="Statement link" opened onClose={onClose} error={make.error}>
      {link ? (
        <>
          <p>
            {link.sent_to
              ? `Sent to ${link.sent_to}, with the balance and the open invoices.`
              : 'Hand this link to the customer, and to nobody else.'}
          </p>
          <LinkToCopy url={link.url} />
        </>
      ) : (
        <>
          <p>
            It lists every open invoice of this customer, also later ones, and takes one payment for those
            that are chosen. No sign-in is needed; it shows nothing else of the customer.
          </p>
          <Checkbox
            label="Withdraw the links given before"
            description="Every statement link that this customer had stops working."
            checked={replace}
            onChange={(event) => setReplace(event.currentTarget.checked)}
          />
          <ChannelChoice value={channels} onChange={setChannels} />
          <div className="row">
            <Button loading={make.busy} disabled={channels.length === 0} onClick={() => run(true)}>
              Send statement link
            </Button>
            <Button variant="default" loading={make.busy} onClick={() => run(false)}>
              Copy statement link
            </Button>
          </div>
          {email === null && <p className="fine">There is no e-mail address to send it to yet.</p>}
        </>
      )}
    </FormDialog>
  );
}
