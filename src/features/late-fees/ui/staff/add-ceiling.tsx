import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { addLateFeeCeiling } from '#features/late-fees/api.ts';
import { readDecimal } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { DateField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type Body = z.input<typeof addLateFeeCeiling.body>;

const kinds: { value: Body['basis']; label: string }[] = [
  { value: 'percent_per_year', label: 'Percent a year' },
  { value: 'percent_per_month', label: 'Percent a month' },
  { value: 'fixed_amount', label: 'An amount a fee' },
  { value: 'agreement', label: 'A rule without a figure' },
];
const severities: { value: Body['severity']; label: string }[] = [
  { value: 'block', label: 'Refuses terms above it' },
  { value: 'warn', label: 'Warns' },
  { value: 'inform', label: 'Is only shown' },
];

/** What the organization has looked up of its own law. */
export function AddCeiling({ place }: { place: string }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpened(true)}>
        Add your own
      </Button>
      {opened && <CeilingDialog place={place} onClose={() => setOpened(false)} />}
    </>
  );
}

const start = (place: string, today: string) => ({
  jurisdiction: place,
  basis: 'percent_per_year' as Body['basis'],
  severity: 'block' as Body['severity'],
  ...{ title: '', figure: '', says: '', source: '', verified_on: today },
});

function CeilingDialog({ place, onClose }: { place: string; onClose: () => void }) {
  const { today, locale } = useFrame();
  const act = useAct(addLateFeeCeiling);
  const form = useFields(start(place, today), {
    jurisdiction: (text) =>
      /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(text.trim().toUpperCase())
        ? null
        : 'Such as US-TX, or CA for Canada',
    title: filled('Say what it is called'),
    figure: (text, all) =>
      all.basis === 'agreement' || readDecimal(text, locale) ? null : 'Give a figure, such as 18',
    says: filled('Say what the rule is'),
    source: filled('Say where you found it: a law, or an address'),
  });
  const { values } = form;
  const submit = form.submit(async (all) => {
    const figure = all.basis === 'agreement' ? null : (readDecimal(all.figure, locale) ?? null);
    await act.run({ body: { ...all, figure, jurisdiction: all.jurisdiction.trim().toUpperCase() } });
    onClose();
    tell('Ceiling added');
  });
  return (
    <FormDialog
      title="A ceiling that you looked up"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Add it"
      busy={act.busy}
      error={act.error}
    >
      <div className="fields two">
        <TextInput
          label="Place"
          description="A country, or country and state: US-TX"
          {...form.text('jurisdiction')}
        />
        <Select
          label="What it bounds"
          description="Held against the terms above"
          data={kinds}
          allowDeselect={false}
          value={values.basis}
          onChange={(basis) => form.set('basis', (basis ?? 'percent_per_year') as Body['basis'])}
        />
        <TextInput label="Name" maxLength={100} {...form.text('title')} />
        {values.basis !== 'agreement' && (
          <TextInput label="At most" inputMode="decimal" {...form.text('figure')} />
        )}
      </div>
      <Textarea label="What the rule says" autosize minRows={2} maxLength={1000} {...form.text('says')} />
      <TextInput label="Source" maxLength={500} {...form.text('source')} />
      <div className="fields two">
        <DateField
          label="Looked up on"
          value={values.verified_on}
          error={form.errors.verified_on}
          onChange={(day) => form.set('verified_on', day)}
        />
        <Select
          label="What it does"
          data={severities}
          allowDeselect={false}
          value={values.severity}
          onChange={(severity) => form.set('severity', (severity ?? 'block') as Body['severity'])}
        />
      </div>
    </FormDialog>
  );
}
