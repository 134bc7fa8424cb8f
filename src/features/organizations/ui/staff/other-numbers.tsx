import { Button, NumberInput, TextInput } from '@mantine/core';
import { useSave } from '#features/organizations/ui/staff/save-settings.tsx';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useFields } from '#ui/use-fields.ts';

/** How estimates and credit memos are numbered: each in a series of its own. */
export function OtherNumbers({ organization }: { organization: Organization }) {
  const { can } = useFrame();
  const { act, save } = useSave();
  const { estimate_number_prefix, next_estimate_number, credit_memo_number_prefix, next_credit_memo_number } =
    organization;
  const form = useFields({
    ...{ estimate_number_prefix, next_estimate_number },
    ...{ credit_memo_number_prefix, next_credit_memo_number },
  });
  const { values } = form;
  const series = [
    { of: 'Estimates', prefix: 'estimate_number_prefix', next: 'next_estimate_number' },
    { of: 'Credit memos', prefix: 'credit_memo_number_prefix', next: 'next_credit_memo_number' },
  ] as const;
  return (
    <Sheet title="Numbers of estimates and credit memos">
      <form onSubmit={form.submit(() => save(values))} className="stack" noValidate>
        {series.map(({ of, prefix, next }) => (
          <div key={of} className="fields four">
            <TextInput label={`${of}: prefix`} {...form.text(prefix)} />
            <NumberInput
              label={`${of}: next number`}
              name={next}
              min={Number(organization[next])}
              max={999_999_999_999}
              allowDecimal={false}
              hideControls
              value={values[next]}
              error={form.errors[next]}
              onChange={(value) => form.set(next, Number(value))}
            />
            <p className="fine next-number">
              The next is{' '}
              <span className="num strong">
                {values[prefix]}
                {values[next]}
              </span>
            </p>
          </div>
        ))}
        <Problem error={act.error} />
        {can('settings:write') && (
          <div>
            <Button type="submit" loading={act.busy}>
              Save these numbers
            </Button>
          </div>
        )}
      </form>
    </Sheet>
  );
}
