import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { makeSettingChange, previewSettingChange } from '#features/customer-defaults/api.ts';
import type { SettingName, Settings } from '#features/customers/setting-rules.ts';
import { settingWords } from '#features/customers/setting-word-rules.ts';
import { call } from '#ui/call.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Props = { settings: Settings; customerType: string | null; onClose: () => void };

const onOff = (on: boolean | undefined): string => (on ? 'on' : 'off');

/** Before anything changes: how many would, and a few of them, from what to what. */
export function ApplyDialog({ settings, customerType, onClose }: Props) {
  const { count, locale } = useFrame();
  const make = useAct(makeSettingChange);
  const body = { settings, customer_type: customerType };
  const preview = useQuery({
    queryKey: [previewSettingChange.path, body],
    queryFn: () => call(previewSettingChange, { body }),
    staleTime: 0,
  });
  const would = preview.data?.would_change ?? 0;
  const submit = (): void =>
    void make
      .run({ body })
      .then(() => {
        onClose();
        tell('The change is under way', 'Below you see how far it is, and can undo it.');
      })
      // What went wrong stands in the dialog.
      .catch(() => undefined);
  return (
    <FormDialog
      title={customerType ? `Apply to customers of the type ${customerType}` : 'Apply to all customers'}
      opened
      onClose={onClose}
      onSubmit={submit}
      submit={would === 0 ? 'Nothing to change' : `Change ${count(would, 'customer')}`}
      busy={make.busy}
      disabled={would === 0}
      error={make.error}
      size="lg"
    >
      <Problem error={preview.error} onRetry={() => void preview.refetch()} />
      {!preview.data && !preview.error && <Skeleton height={160} />}
      {preview.data && (
        <>
          <p>
            {would === 0
              ? `All ${count(preview.data.total, 'customer')} have this already.`
              : `${would.toLocaleString(locale)} of ${count(preview.data.total, 'customer')} would change. What each
                of them has now is kept, so that you can undo it.`}
          </p>
          {preview.data.sample.length > 0 && <Sample rows={preview.data.sample} settings={settings} />}
          {would > preview.data.sample.length && (
            <p className="fine">And {(would - preview.data.sample.length).toLocaleString(locale)} more.</p>
          )}
        </>
      )}
    </FormDialog>
  );
}

type Row = { customer_id: string; customer_name: string; before: Settings };

const Sample = ({ rows, settings }: { rows: readonly Row[]; settings: Settings }) => (
  <ul className="preview-list" aria-label="Some of those that would change">
    {rows.map((row) => (
      <li key={row.customer_id}>
        <span className="strong">{row.customer_name}</span>
        <span className="cell-under">{differences(row.before, settings)}</span>
      </li>
    ))}
  </ul>
);

const mostNamed = 3;

function differences(before: Settings, after: Settings): string {
  const names = Object.keys(before) as SettingName[];
  const named = names
    .slice(0, mostNamed)
    .map((name) => `${settingWords(name)}: ${onOff(before[name])} → ${onOff(after[name])}`);
  const rest = names.length - mostNamed;
  return [...named, ...(rest > 0 ? [`${rest} more`] : [])].join(' · ');
}
