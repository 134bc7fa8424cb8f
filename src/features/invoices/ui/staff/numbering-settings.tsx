import { Button, NumberInput, Radio, TextInput } from '@mantine/core';
import type { z } from 'zod';
import { getNumbering, updateNumbering, type zNumbering } from '#features/invoices/drafts/api.ts';
import { numberOf } from '#features/invoices/numbering-rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Numbering = z.output<typeof zNumbering>;

/** Prefix, width, next number, and whether gaps are allowed; with the gaps there are. */
export function NumberingSettings() {
  const numbering = useAsk(getNumbering);
  return (
    <>
      <Problem error={numbering.error} onRetry={() => void numbering.refetch()} />
      {numbering.data && <NumberingForm key={numbering.data.next_number} numbering={numbering.data} />}
    </>
  );
}

function NumberingForm({ numbering }: { numbering: Numbering }) {
  const { can } = useFrame();
  const act = useAct(updateNumbering);
  const { mode, prefix, width, next } = numbering;
  const form = useFields({ mode, prefix, width, next });
  const { values } = form;
  const submit = form.submit(async (body) => {
    await act.run({ body });
    tell('Saved');
  });
  const number = (name: 'width' | 'next', label: string, max: number) => (
    <NumberInput
      label={label}
      min={1}
      max={max}
      allowDecimal={false}
      hideControls
      value={values[name]}
      error={form.errors[name]}
      onChange={(value) => form.set(name, Number(value))}
    />
  );
  return (
    <Sheet title="Numbers">
      <form onSubmit={submit} className="stack" noValidate>
        <div className="fields four">
          <TextInput label="Prefix" {...form.text('prefix')} />
          {number('next', 'Next number', 999_999_999_999)}
          {number('width', 'Digits at least', 12)}
          <p className="fine next-number">
            The next is{' '}
            <span className="num strong">
              {numberOf({ ...values, width: values.width || 1 }, BigInt(Math.trunc(values.next) || 1))}
            </span>
          </p>
        </div>
        <Radio.Group
          label="Gaps"
          value={values.mode}
          onChange={(value) => form.set('mode', value === 'gapless' ? 'gapless' : 'series')}
        >
          <div className="stack tight">
            <Radio
              value="series"
              label="A draft has its number at once, and one may be chosen by hand"
              description="A number that was given to a draft is lost when the draft is deleted."
            />
            <Radio
              value="gapless"
              label="Without gaps, where the law wants it"
              description="The number is taken when an invoice is issued. Issued invoices are voided, never deleted, and keep theirs."
            />
          </div>
        </Radio.Group>
        <Gaps numbering={numbering} />
        <Problem error={act.error} />
        {can('settings:write') && (
          <div>
            <Button type="submit" loading={act.busy}>
              Save numbers
            </Button>
          </div>
        )}
      </form>
    </Sheet>
  );
}

function Gaps({ numbering: { gaps, has_more_gaps: hasMore, prefix } }: { numbering: Numbering }) {
  const of = prefix ? `with the prefix ${prefix}` : 'without a prefix';
  if (gaps.length === 0) return <p className="fine">No number {of} is missing between issued invoices.</p>;
  return (
    <div className="fine">
      <p>Missing between issued invoices {of}:</p>
      <ul className="gap-list">
        {gaps.map(({ first, last, count }) => (
          <li key={first} className="num">
            {count === 1 ? first : `${first} to ${last} (${count})`}
          </li>
        ))}
        {hasMore && <li>and more</li>}
      </ul>
    </div>
  );
}
