import { Checkbox, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { ChannelChoice } from '#features/correspondence/ui/staff/channel-choice.tsx';
import { sendInvoice } from '#features/invoices/api.ts';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import { getOrganization } from '#features/organizations/api.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Props = { invoice: Invoice; opened: boolean; onClose: () => void };

export function SendDialog({ opened, ...rest }: Props) {
  const organization = useAsk(getOrganization, {}, { enabled: opened });
  if (!opened || !organization.data) return null;
  return <SendForm {...rest} attach={organization.data.attach_invoice_pdf} />;
}

const useSendForm = (invoice: Invoice, attach: boolean) =>
  useFields(
    {
      channels: ['email'] as Channel[],
      to: invoice.customer_email ? [invoice.customer_email] : [],
      cc: [] as string[],
      subject: '',
      body: '',
      attach_pdf: attach,
    },
    {
      channels: (chosen) => (chosen.length > 0 ? null : 'Choose how it goes'),
      to: (list, { channels }) =>
        list.length > 0 || !channels.includes('email') ? null : 'Give at least one address',
    },
  );
type Form = ReturnType<typeof useSendForm>;

/** Whom it goes to and what it says, for this one sending; the customer's record stays as it is. */
function SendForm({ invoice, onClose, attach }: Omit<Props, 'opened'> & { attach: boolean }) {
  const { mode } = useFrame();
  const send = useAct(sendInvoice);
  const form = useSendForm(invoice, attach);
  const has = (channel: Channel): boolean => form.values.channels.includes(channel);
  const submit = form.submit(async ({ channels, to, cc, subject, body, attach_pdf }) => {
    const own = { ...(subject.trim() ? { subject } : {}), ...(body.trim() ? { body } : {}) };
    const mail = has('email') ? { to, attach_pdf, ...(cc.length > 0 ? { cc } : {}) } : {};
    const sent = await send.run({ params: { id: invoice.id }, body: { channels, ...mail, ...own } });
    onClose();
    if (sent.messages.some(({ suppressed }) => suppressed))
      tell(`${invoice.number} is held back in part`, 'Its messages say by which rule.');
    else tell(`${invoice.number} is on its way`, has('email') ? `To ${to.join(', ')}` : undefined);
  });
  return (
    <FormDialog
      title={`Send ${invoice.number}`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Send"
      busy={send.busy}
      error={send.error}
      size="lg"
    >
      {mode === 'sandbox' && (
        <p className="note" data-tone="warn">
          Practice mode: what you send goes into the mailbox under Messages, not out.
        </p>
      )}
      <ChannelChoice
        value={form.values.channels}
        error={form.errors.channels}
        onChange={(channels) => form.set('channels', channels)}
      />
      {has('sms') && (
        <p className="fine">The text message goes to the customer’s phone number, in your usual words.</p>
      )}
      {has('paper') && <p className="fine">The letter goes to the customer’s billing address.</p>}
      {has('email') && <Readers form={form} />}
      {(has('email') || has('paper')) && (
        <>
          <TextInput label="Subject" placeholder="As in your settings" {...form.text('subject')} />
          <Textarea
            label="Message"
            placeholder="As in your settings. Amount, due date and the way to pay follow below it."
            minRows={4}
            {...form.text('body')}
          />
        </>
      )}
      {has('email') && <Checkbox label="Attach the invoice as PDF" {...form.flag('attach_pdf')} />}
    </FormDialog>
  );
}

function Readers({ form }: { form: Form }) {
  const list = (name: 'to' | 'cc') => ({
    value: form.values[name],
    error: form.errors[name],
    onChange: (value: string[]) => form.set(name, value),
    maxTags: 10,
    splitChars: [',', ' ', ';'],
  });
  return (
    <>
      <TagsInput
        label="To"
        required
        placeholder={form.values.to.length === 0 ? 'name@example.com' : ''}
        {...list('to')}
      />
      <TagsInput
        label="Copy to"
        description="Besides the copies that the customer always gets"
        {...list('cc')}
      />
    </>
  );
}
