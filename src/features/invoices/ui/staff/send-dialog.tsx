import { Checkbox, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { ChannelChoice } from '#features/correspondence/ui/staff/channel-choice.tsx';
import { draftSending, sendInvoice } from '#features/invoices/api.ts';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import { asTyped } from '#features/invoices/ui/staff/sending-body.ts';
import { SentFiles } from '#features/invoices/ui/staff/sent-files.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Props = { invoice: Invoice; opened: boolean; onClose: () => void };
type Draft = z.output<typeof draftSending.reply>;

export const SendDialog = ({ opened, ...rest }: Props) => (opened ? <OpenedDialog {...rest} /> : null);

function OpenedDialog(rest: Omit<Props, 'opened'>) {
  const draft = useAsk(draftSending, { params: { id: rest.invoice.id } });
  // As it is when the form begins: what is known from before may be old, and what is read again meanwhile
  // would make what is left alone look changed.
  const [read, setRead] = useState<Draft>();
  if (!read && draft.data && !draft.isFetching) setRead(draft.data);
  if (read) return <SendForm {...rest} draft={read} />;
  if (!draft.error) return null;
  return (
    <FormDialog title={`Send ${rest.invoice.number}`} opened onClose={rest.onClose} error={draft.error}>
      {null}
    </FormDialog>
  );
}

const useSendForm = ({ to, cc, subject, body, attach_pdf }: Draft) =>
  useFields(
    { channels: ['email'] as Channel[], to, cc, subject, body, attach_pdf, files: [] as File[] },
    {
      channels: (chosen) => (chosen.length > 0 ? null : 'Choose how it goes'),
      to: (list, { channels }) =>
        list.length > 0 || !channels.includes('email') ? null : 'Give at least one address',
      subject: (words) => (words.trim() ? null : 'A message needs a subject'),
    },
  );
type Form = ReturnType<typeof useSendForm>;

/** Whom it goes to and what it says, for this one sending; the customer's record stays as it is. */
function SendForm({ invoice, onClose, draft }: Omit<Props, 'opened'> & { draft: Draft }) {
  const { mode } = useFrame();
  const send = useAct(sendInvoice);
  const form = useSendForm(draft);
  const has = (channel: Channel): boolean => form.values.channels.includes(channel);
  const submit = form.submit(async (values) => {
    const sent = await send.run({ params: { id: invoice.id }, body: await asTyped(values, draft) });
    onClose();
    if (sent.messages.some(({ suppressed }) => suppressed))
      tell(`${invoice.number} is held back in part`, 'Its messages say by which rule.');
    else tell(`${invoice.number} is on its way`, has('email') ? `To ${values.to.join(', ')}` : undefined);
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
      {(has('email') || has('paper')) && <Words form={form} letterToo={has('paper')} />}
      {has('email') && <Attachments form={form} fileNames={draft.file_names} />}
    </FormDialog>
  );
}

const Words = ({ form, letterToo }: { form: Form; letterToo: boolean }) => (
  <>
    <TextInput label="Subject" maxLength={300} {...form.text('subject')} />
    <Textarea
      label="Message"
      description={
        letterToo
          ? 'Amount, due date and the way to pay follow below it. Unchanged, a letter keeps its own words.'
          : 'Amount, due date and the way to pay follow below it'
      }
      autosize
      minRows={4}
      maxRows={12}
      {...form.text('body')}
    />
  </>
);

const Attachments = ({ form, fileNames }: { form: Form; fileNames: readonly string[] }) => (
  <>
    <Checkbox label="Attach the invoice as PDF" {...form.flag('attach_pdf')} />
    {fileNames.length > 0 && (
      <p className="fine">With it go the invoice’s own files: {fileNames.join(', ')}</p>
    )}
    <SentFiles
      files={form.values.files}
      error={form.errors.files}
      onChange={(files) => form.set('files', files)}
    />
  </>
);

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
      <TagsInput label="Copy to" description="For this sending" {...list('cc')} />
    </>
  );
}
