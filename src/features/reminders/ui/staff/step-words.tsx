import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import type { DraftWords } from '#features/reminders/ui/staff/draft-steps.ts';
import { Chips } from '#ui/filters.tsx';

type Props = {
  words: DraftWords;
  name: string;
  errors: Record<string, string>;
  onChange: (words: DraftWords) => void;
};
type Field = keyof DraftWords;

export const channelChips: { value: Channel; label: string }[] = [
  { value: 'email', label: 'E-mail' },
  { value: 'sms', label: 'Text message' },
  { value: 'paper', label: 'Letter' },
];

const fields: Record<Channel, { subject?: Field; body: Field; most: number; leftOpen: string }> = {
  email: { subject: 'subject', body: 'body', most: 20_000, leftOpen: 'That of the template' },
  sms: { body: 'text_body', most: 1500, leftOpen: 'That of the template' },
  paper: {
    ...{ subject: 'letter_subject', body: 'letter_body', most: 20_000 },
    leftOpen: 'That of the e-mail, else of the template',
  },
};

/** The words of one step, a channel at a time. */
export function StepWords({ words, name, errors, onChange }: Props) {
  const faulty = channelChips.find(({ value }) => {
    const { subject, body } = fields[value];
    return errors[body] || (subject && errors[subject]);
  });
  const [chosen, choose] = useState<Channel>();
  const channel = chosen ?? faulty?.value ?? 'email';
  const { subject, body, most, leftOpen } = fields[channel];
  const set = (field: Field, text: string): void => onChange({ ...words, [field]: text });
  return (
    <div className="stack">
      <Chips label={`${name}: words of the`} options={channelChips} value={channel} onChange={choose} />
      {subject && (
        <TextInput
          label="Subject"
          aria-label={`${name}: subject`}
          placeholder={leftOpen}
          maxLength={300}
          value={words[subject]}
          error={errors[subject]}
          onChange={(event) => set(subject, event.currentTarget.value)}
        />
      )}
      <Textarea
        label="Message"
        aria-label={`${name}: message`}
        placeholder={leftOpen}
        description="Fields such as {{invoice.number}} are filled in."
        autosize
        minRows={channel === 'sms' ? 2 : 4}
        maxRows={14}
        maxLength={most}
        value={words[body]}
        error={errors[body]}
        onChange={(event) => set(body, event.currentTarget.value)}
      />
    </div>
  );
}
