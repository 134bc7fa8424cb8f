import { Button, Menu, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconSend } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { issueInvoice, voidInvoice } from '#features/invoices/api.ts';
import { deleteDraft } from '#features/invoices/drafts/api.ts';
import { ExemptItems } from '#features/invoices/ui/staff/exemptions.tsx';
import { pdfUrl } from '#features/invoices/ui/staff/invoice-pdf.tsx';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import { SendDialog } from '#features/invoices/ui/staff/send-dialog.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { CopyButton } from '#ui/copy.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

const EInvoiceItems = ({ invoiceId }: { invoiceId: string }) => (
  <>
    <Menu.Item component="a" href={`/v1/invoices/${invoiceId}/e-invoice?format=ubl`} target="_blank">
      E-invoice as UBL (Peppol)
    </Menu.Item>
    <Menu.Item component="a" href={`/v1/invoices/${invoiceId}/e-invoice?format=factur_x`} target="_blank">
      E-invoice as Factur-X
    </Menu.Item>
  </>
);

/** What is written from an invoice: another like it, or a credit memo over what it charged. */
function WriteItems({ invoice }: { invoice: Invoice }) {
  const navigate = useNavigate();
  const write = (to: string, search: Record<string, string>) => () =>
    void navigate({ to, search: search as never });
  const { state, taxes = [] } = invoice;
  const wasCharged = state === 'open' || state === 'pending' || state === 'paid';
  // A form cannot say tax that came as an amount, without a rate.
  const isSaid = taxes.every(({ percent }) => percent !== null);
  return (
    <>
      <Menu.Item onClick={write('/invoices/new', { copy: invoice.id })}>Duplicate</Menu.Item>
      {wasCharged && isSaid && (
        <Menu.Item onClick={write('/credit-memos/new', { invoice_id: invoice.id })}>
          Write a credit memo
        </Menu.Item>
      )}
    </>
  );
}

type Slots = { invoice: Invoice; collect: ReactNode; recurring: ReactNode };

/** What can be done with an invoice, by its state. */
export function InvoiceActions({ invoice, collect, recurring }: Slots) {
  const { can, mode } = useFrame();
  const [sending, sendDoor] = useDisclosure();
  const [voiding, voidDoor] = useDisclosure();
  const [deleting, deleteDoor] = useDisclosure();
  const mayWrite = can('invoices:write');
  const live = invoice.state === 'open' || invoice.state === 'pending';
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button variant="default" px={10} aria-label="More actions">
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={pdfUrl(invoice.id)} target="_blank" rel="noopener">
            Open the PDF
          </Menu.Item>
          {invoice.state !== 'draft' && <EInvoiceItems invoiceId={invoice.id} />}
          <Menu.Item onClick={() => window.print()}>Print this page</Menu.Item>
          {mode === 'sandbox' && live && invoice.pay_url && (
            <Menu.Item component="a" href={invoice.pay_url} target="_blank" rel="noopener">
              Pay it as the customer
            </Menu.Item>
          )}
          {mayWrite && <WriteItems invoice={invoice} />}
          {mayWrite && (live || invoice.state === 'draft') && <ExemptItems invoice={invoice} />}
          {mayWrite && invoice.state === 'draft' && (
            <Menu.Item className="danger-item" onClick={deleteDoor.open}>
              Delete the draft…
            </Menu.Item>
          )}
          {mayWrite && live && (
            <Menu.Item className="danger-item" onClick={voidDoor.open}>
              Void…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {invoice.pay_url && live && <CopyButton text={invoice.pay_url}>Copy pay link</CopyButton>}
      {invoice.state !== 'void' && recurring}
      {invoice.state === 'open' && collect}
      {mayWrite && invoice.state === 'draft' && <DraftButtons invoice={invoice} />}
      {mayWrite && (live || invoice.state === 'paid') && (
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          variant={invoice.state === 'open' ? 'filled' : 'default'}
          onClick={sendDoor.open}
        >
          {invoice.first_sent_at ? 'Send again' : 'Send'}
        </Button>
      )}
      <SendDialog invoice={invoice} opened={sending} onClose={sendDoor.close} />
      <VoidDialog invoice={invoice} opened={voiding} onClose={voidDoor.close} />
      <DeleteDialog invoice={invoice} opened={deleting} onClose={deleteDoor.close} />
    </>
  );
}

const DraftButtons = ({ invoice }: { invoice: Invoice }) => (
  <>
    <ButtonLink to={`/invoices/${invoice.id}/edit`} variant="default" data-edit>
      Edit
    </ButtonLink>
    <Issue invoice={invoice} />
  </>
);

function Issue({ invoice }: { invoice: Invoice }) {
  const issue = useAct(issueInvoice);
  const run = async (): Promise<void> => {
    try {
      await issue.run({ params: { id: invoice.id } });
      tell(`${invoice.number} is issued`, 'It is owed from now on. Send it when you like.');
    } catch (error) {
      tellProblem(error);
    }
  };
  return (
    <Button loading={issue.busy} onClick={() => void run()}>
      Issue
    </Button>
  );
}

function DeleteDialog({
  invoice,
  opened,
  onClose,
}: {
  invoice: Invoice;
  opened: boolean;
  onClose: () => void;
}) {
  const navigate = useNavigate();
  const act = useAct(deleteDraft, { readAgain: false });
  const submit = async (): Promise<void> => {
    await act.run({ params: { id: invoice.id } });
    tell(`Draft ${invoice.number} is deleted`);
    await navigate({ to: '/invoices', replace: true });
  };
  return (
    <FormDialog
      title={`Delete draft ${invoice.number}?`}
      opened={opened}
      onClose={onClose}
      onSubmit={() => submit().catch(() => undefined)}
      submit="Delete the draft"
      danger
      busy={act.busy}
      error={act.error}
    >
      <p>It was never owed. It cannot be brought back.</p>
    </FormDialog>
  );
}

function VoidDialog({
  invoice,
  opened,
  onClose,
}: {
  invoice: Invoice;
  opened: boolean;
  onClose: () => void;
}) {
  const act = useAct(voidInvoice);
  const form = useFields({ reason: '' }, { reason: filled('Say why, for whoever reads this later') });
  const submit = form.submit(async (body) => {
    await act.run({ params: { id: invoice.id }, body });
    onClose();
    tell(`${invoice.number} is void`);
  });
  return (
    <FormDialog
      title={`Void ${invoice.number}?`}
      opened={opened}
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Void this invoice"
      danger
      busy={act.busy}
      error={act.error}
    >
      <p>
        It keeps its number and stays in your books, but nothing is owed on it any more. A void cannot be
        taken back.
      </p>
      <Textarea label="Reason" required data-autofocus maxLength={500} {...form.text('reason')} />
    </FormDialog>
  );
}
