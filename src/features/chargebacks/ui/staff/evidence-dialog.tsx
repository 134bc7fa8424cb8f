import { FileInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { giveEvidence } from '#features/chargebacks/api.ts';
import type { Chargeback } from '#features/chargebacks/ui/staff/chargebacks-page.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { readBase64 } from '#ui/read-file.ts';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

const types = ['application/pdf', 'image/png', 'image/jpeg'] as const;
type FileType = (typeof types)[number];
const isTaken = (type: string): type is FileType => types.some((one) => one === type);
const most_bytes = 4 * 1024 * 1024;

const faultOf = (files: readonly File[]): string | undefined => {
  if (files.length > 5) return 'At most five files are taken.';
  const wrong = files.find((file) => !isTaken(file.type));
  if (wrong) return `${wrong.name} is no PDF, PNG or JPEG.`;
  const large = files.find((file) => file.size > most_bytes);
  return large && `${large.name} is larger than 4 MB.`;
};

/** What the payer's bank is told: taken once, so the dialog says so before it is sent. */
export function EvidenceDialog({ chargeback, onClose }: { chargeback: Chargeback; onClose: () => void }) {
  const { money } = useFrame();
  const act = useAct(giveEvidence);
  const [files, setFiles] = useState<File[]>([]);
  const form = useFields({ text: '' }, { text: filled('Say why the charge was right') });
  const fault = faultOf(files);
  const submit = form.submit(async ({ text }) => {
    if (fault) return;
    const sent = await Promise.all(
      files.map(async (file) => ({
        file_name: file.name,
        content_type: isTaken(file.type) ? file.type : types[0],
        base64: await readBase64(file),
      })),
    );
    await act.run({ params: { id: chargeback.id }, body: { text, files: sent } });
    onClose();
    tell('The evidence is on its way to the bank');
  });
  return (
    <FormDialog
      title={`Evidence for ${money(chargeback.amount, chargeback.currency)}`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Send the evidence"
      busy={act.busy}
      error={act.error}
      size="lg"
    >
      <p>
        {chargeback.customer_name}’s bank says: {chargeback.reason} Evidence is taken once and cannot be
        changed afterwards.
      </p>
      <Textarea
        label="Why the charge was right"
        description="What was ordered, when it was delivered, what the customer agreed to"
        required
        data-autofocus
        autosize
        minRows={4}
        {...form.text('text')}
      />
      <FileInput
        label="Files"
        description="Signed orders, delivery notes, mails: PDF, PNG or JPEG, up to 4 MB each, five at most"
        multiple
        clearable
        accept={types.join(',')}
        value={files}
        onChange={setFiles}
        error={fault}
      />
    </FormDialog>
  );
}
