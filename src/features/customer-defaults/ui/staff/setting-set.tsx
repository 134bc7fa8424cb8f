import { Button, Switch, Tabs } from '@mantine/core';
import { useState } from 'react';
import type { MessageType } from '#features/correspondence/channel-rules.ts';
import { saveCustomerType, updateCustomerDefaults } from '#features/customer-defaults/api.ts';
import { ApplyDialog } from '#features/customer-defaults/ui/staff/apply-dialog.tsx';
import type { TypeSet } from '#features/customer-defaults/ui/staff/type-pick.tsx';
import { type CustomerFlag, customerFlags, type SettingName } from '#features/customers/setting-rules.ts';
import { flagWords } from '#features/customers/setting-word-rules.ts';
import { MessageMatrix } from '#features/customers/ui/staff/message-matrix.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { TabList } from '#ui/tab-list.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type All = Record<SettingName, boolean>;
type Props = { type: TypeSet | undefined; settings: All; may: boolean };

const tabs = ['general', 'messenger', 'reminders'] as const;
const titles = { general: 'General', messenger: 'Invoice messenger', reminders: 'Reminders' };
const messenger: MessageType[] = ['new_invoice', 'invoice_updated', 'paid_invoice', 'statement'];
const reminders: MessageType[] = ['upcoming_payment', 'payment_due', 'payment_past_due', 'upcoming_late_fee'];

/** One set of defaults: for all, or for a type. */
export function SettingSet({ type, settings, may }: Props) {
  const [tab, setTab] = useState<(typeof tabs)[number]>('general');
  const [values, setValues] = useState(settings);
  const [applying, setApplying] = useState(false);
  const saveAll = useAct(updateCustomerDefaults);
  const saveType = useAct(saveCustomerType);
  const set = (name: SettingName, on: boolean): void => setValues((before) => ({ ...before, [name]: on }));
  const save = async (): Promise<void> => {
    if (type) await saveType.run({ body: { customer_type: type.customer_type, settings: values } });
    else await saveAll.run({ body: { settings: values } });
    tell('Saved for new customers');
  };
  const matrix = (label: string, types: MessageType[]) => (
    <MessageMatrix label={label} types={types} isOn={(cell) => values[cell]} onChange={set} disabled={!may} />
  );
  return (
    <>
      <Tabs value={tab} onChange={(next) => setTab((next ?? 'general') as typeof tab)} keepMounted={false}>
        <TabList label="Settings of new customers" chosen={tab} names={tabs} titles={titles} />
        <Tabs.Panel value="general">
          <div className="stack">
            {customerFlags
              .filter((flag) => flag !== 'portal_edit_autopay')
              .map((flag) => (
                <Flag key={flag} flag={flag} on={values[flag]} set={set} may={may} />
              ))}
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="messenger">{matrix('Invoice messenger of new customers', messenger)}</Tabs.Panel>
        <Tabs.Panel value="reminders">{matrix('Reminders of new customers', reminders)}</Tabs.Panel>
      </Tabs>
      <Problem error={saveAll.error ?? saveType.error} />
      {may ? (
        <div className="dialog-actions wrap">
          <Button variant="default" onClick={() => setApplying(true)}>
            Apply all to existing customers…
          </Button>
          <Button loading={saveAll.busy || saveType.busy} onClick={() => void save().catch(() => undefined)}>
            Save for new customers
          </Button>
        </div>
      ) : (
        <p className="fine">Your role may read these settings, not change them.</p>
      )}
      {applying && (
        <ApplyDialog
          settings={values}
          customerType={type?.customer_type ?? null}
          onClose={() => setApplying(false)}
        />
      )}
    </>
  );
}

type FlagProps = {
  flag: CustomerFlag;
  on: boolean;
  set: (name: SettingName, on: boolean) => void;
  may: boolean;
};

const Flag = ({ flag, on, set, may }: FlagProps) => (
  <Switch
    label={flagWords[flag]}
    checked={on}
    disabled={!may}
    onChange={(event) => set(flag, event.currentTarget.checked)}
  />
);
