import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { invitePaymentMethod, requestAuthorization } from '#features/payment-methods/api.ts';
import { LinkToCopy } from '#ui/copy.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Link = z.output<(typeof invitePaymentMethod)['reply']>;
type Props = {
  /** A customer's, to add a method; or a bank account's, to sign for it. */
  about: { customerId: string } | { methodId: string };
  onClose: () => void;
};

/** A link that needs no sign-in, by mail or to hand over. */
export function LinkDialog({ about, onClose }: Props) {
  const { instant } = useFrame();
  const [invite, request] = [useAct(invitePaymentMethod), useAct(requestAuthorization)];
  const [link, setLink] = useState<Link>();
  const [offersAutopay, setOffersAutopay] = useState(false);
  const signs = 'methodId' in about;
  const made = signs ? request : invite;
  const make = (mail: boolean): void => {
    const running = signs
      ? request.run({ params: { id: about.methodId }, body: { mail } })
      : invite.run({ params: { id: about.customerId }, body: { mail, offer_autopay: offersAutopay } });
    // What went wrong stands in the dialog.
    running.then(setLink, () => undefined);
  };
  return (
    <FormDialog
      title={signs ? 'Ask for a signature' : 'Link to add a payment method'}
      opened
      onClose={onClose}
      error={made.error}
    >
      {link ? (
        <>
          <p>
            {link.sent_to
              ? `Sent to ${link.sent_to}.`
              : 'Hand this link to the customer, and to nobody else.'}{' '}
            It works once, until {instant(link.expires_at)}.
          </p>
          <LinkToCopy url={link.url} />
        </>
      ) : (
        <>
          <p>
            {signs
              ? 'The owner of the bank account reads and signs the authorization.'
              : 'The customer enters a card or a bank account on a secure page.'}{' '}
            No sign-in is needed, and the page shows nothing else of the customer.
          </p>
          {!signs && (
            <Checkbox
              label="Offer autopay with it"
              description="The customer may agree on the page that future invoices are charged"
              checked={offersAutopay}
              onChange={(event) => setOffersAutopay(event.currentTarget.checked)}
            />
          )}
          <div className="row">
            <Button loading={made.busy} onClick={() => make(true)}>
              Send by email
            </Button>
            <Button variant="default" loading={made.busy} onClick={() => make(false)}>
              Make a link to copy
            </Button>
          </div>
        </>
      )}
    </FormDialog>
  );
}
