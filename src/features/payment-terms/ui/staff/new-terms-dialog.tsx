import { Switch, Textarea } from '@mantine/core';
import { publishPaymentTerms } from '#features/payment-terms/api.ts';
import type { PaymentTerms } from '#features/payment-terms/ui/staff/payment-terms-settings.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { DateField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Props = { before: PaymentTerms | undefined; onClose: () => void };

export function NewTermsDialog({ before, onClose }: Props) {
  const { today } = useFrame();
  const publish = useAct(publishPaymentTerms);
  const earliest = before && before.effective_on > today ? before.effective_on : today;
  const form = useFields(
    { text: before?.text ?? '', effective_on: earliest, ask_again: false },
    {
      text: (text) => (text.trim() === '' && !before ? 'Write the terms.' : null),
      effective_on: (day) => (day ? null : 'Give the day from which it holds.'),
    },
  );
  const submit = form.submit(async ({ text, effective_on, ask_again }) => {
    const saved = await publish.run({
      body: { text: text.trim(), effective_on, ask_again: ask_again && text.trim() !== '' },
    });
    tell(`Version ${saved.version} published`);
    onClose();
  });
  return (
    <FormDialog
      title={before ? `Terms and conditions, version ${before.version + 1}` : 'Terms and conditions'}
      opened
      size="xl"
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Publish"
      busy={publish.busy}
      error={publish.error}
    >
      <Textarea
        label="Text"
        description="An empty line begins a paragraph. An empty text ends the terms."
        data-autofocus
        autosize
        minRows={10}
        maxRows={20}
        maxLength={20_000}
        {...form.text('text')}
      />
      <DateField
        label="In force from"
        value={form.values.effective_on}
        error={form.errors.effective_on}
        onChange={(day) => form.set('effective_on', day ?? '')}
      />
      <Switch
        label="Ask portal users again"
        description="Whoever signs in has to accept this version before going on. Otherwise it is agreed to with the next payment."
        {...form.flag('ask_again')}
      />
      <p className="fine">A version cannot be edited once its day has come: correct it with the next one.</p>
    </FormDialog>
  );
}
