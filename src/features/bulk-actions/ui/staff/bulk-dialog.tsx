import { Autocomplete, Select, Skeleton, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { previewBulkAction, startBulkAction } from '#features/bulk-actions/api.ts';
import { BulkProgress } from '#features/bulk-actions/ui/staff/bulk-progress.tsx';
import { type BulkAsk, bulkWords, nounOfAction } from '#features/bulk-actions/ui/staff/bulk-words.ts';
import { getCustomerDefaults } from '#features/customer-defaults/api.ts';
import { listPolicies } from '#features/reminders/api.ts';
import { call } from '#ui/call.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Props = { ask: BulkAsk; onClose: () => void; onDone: () => void };
type Settings = Pick<BulkAsk, 'reason' | 'customer_type' | 'dunning_policy_id'>;

/** What the rows do not say; `undefined` until it is said. */
const firstSettings = ({ action }: BulkAsk): Settings =>
  action === 'set_policy'
    ? { dunning_policy_id: null }
    : action === 'set_type'
      ? { customer_type: null }
      : {};

/** Before anything is done: how many will be, and how many not and why. Then how far it is. */
export function BulkDialog({ ask, onClose, onDone }: Props) {
  const { count } = useFrame();
  const start = useAct(startBulkAction);
  const [settings, setSettings] = useState<Settings>(firstSettings(ask));
  const [workId, setWorkId] = useState<string>();
  const words = bulkWords[ask.action];
  const { reason, ...deciding } = settings;
  const body = { ...ask, ...deciding };
  const preview = useQuery({
    queryKey: [previewBulkAction.path, body],
    queryFn: () => call(previewBulkAction, { body }),
    staleTime: 0,
    enabled: !workId,
  });
  if (workId) return <BulkProgress id={workId} onClose={onDone} />;
  const { data } = preview;
  const noun = nounOfAction(ask.action);
  const would = data?.would_do ?? 0;
  const number = data && !data.is_complete ? `all that can be` : count(would, noun);
  const submit = (): void =>
    void start
      .run({ body: { ...body, ...(reason ? { reason } : {}) } })
      .then(({ id }) => setWorkId(id))
      // What went wrong stands in the dialog.
      .catch(() => undefined);
  return (
    <FormDialog
      title={words.title.replace('…', '')}
      opened
      onClose={onClose}
      onSubmit={submit}
      submit={would === 0 ? 'Nothing to do' : `${words.verb} ${number}`}
      danger={words.danger ?? false}
      busy={start.busy}
      disabled={would === 0}
      error={start.error}
      size="lg"
    >
      <p>{words.says}</p>
      <SettingFields ask={ask} settings={settings} onChange={setSettings} />
      <Problem error={preview.error} onRetry={() => void preview.refetch()} />
      {!data && !preview.error && <Skeleton height={96} />}
      {data && <Verdict preview={data} noun={noun} />}
    </FormDialog>
  );
}

type Preview = { total: number; is_complete: boolean; would_do: number; left_out: LeftOut[] };
export type LeftOut = { rule: string; reason: string; count: number };

function Verdict({ preview, noun }: { preview: Preview; noun: string }) {
  const { count, locale } = useFrame();
  const left = preview.left_out.reduce((sum, each) => sum + each.count, 0);
  return (
    <div className="stack" role="status">
      <p>
        {!preview.is_complete &&
          `Of the first ${(10_000).toLocaleString(locale)} of ${count(preview.total, noun)}: `}
        <span className="strong">{count(preview.would_do, noun)}</span> will be done
        {left > 0 ? `, ${left.toLocaleString(locale)} left out.` : '.'}
      </p>
      <LeftOutList left={preview.left_out} />
    </div>
  );
}

export function LeftOutList({ left }: { left: readonly LeftOut[] }) {
  const { locale } = useFrame();
  if (left.length === 0) return null;
  return (
    <ul className="left-out" aria-label="Left out, by reason">
      {left.map((each) => (
        <li key={`${each.rule} ${each.reason}`}>
          <span className="strong num">{each.count.toLocaleString(locale)}</span>
          <span>{each.reason}</span>
        </li>
      ))}
    </ul>
  );
}

type FieldProps = { ask: BulkAsk; settings: Settings; onChange: (settings: Settings) => void };

function SettingFields({ ask, settings, onChange }: FieldProps) {
  if (ask.action === 'void')
    return (
      <Textarea
        label="Reason"
        description="It stands in the timeline of each"
        required
        maxLength={500}
        data-autofocus
        value={settings.reason ?? ''}
        onChange={(event) => onChange({ reason: event.currentTarget.value })}
      />
    );
  if (ask.action === 'set_type') return <TypeField settings={settings} onChange={onChange} />;
  return ask.action === 'set_policy' ? <PolicyField settings={settings} onChange={onChange} /> : null;
}

function TypeField({ settings, onChange }: Omit<FieldProps, 'ask'>) {
  const { can } = useFrame();
  const known = useAsk(getCustomerDefaults, {}, { enabled: can('settings:read') });
  return (
    <Autocomplete
      label="Customer type"
      description="One of yours, or a new one; empty for none"
      maxLength={100}
      data={known.data?.types.map(({ customer_type: type }) => type) ?? []}
      value={settings.customer_type ?? ''}
      onChange={(type) => onChange({ customer_type: type.trim() === '' ? null : type.trim() })}
    />
  );
}

function PolicyField({ settings, onChange }: Omit<FieldProps, 'ask'>) {
  const policies = useAsk(listPolicies);
  return (
    <>
      <Problem error={policies.error} />
      <Select
        label="Dunning policy"
        allowDeselect={false}
        data={[
          { value: '', label: 'That of the type, or the default' },
          ...(policies.data?.data.map(({ id, name }) => ({ value: id, label: name })) ?? []),
        ]}
        value={settings.dunning_policy_id ?? ''}
        onChange={(id) => onChange({ dunning_policy_id: id || null })}
      />
    </>
  );
}
