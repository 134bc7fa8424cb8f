import { Button, Radio, Select, Skeleton, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { getMessenger, updateMessenger, type zMessenger } from '#features/messenger/api.ts';
import { GoLive, LiveSince } from '#features/messenger/ui/staff/go-live.tsx';
import { WhatOfWaiting } from '#features/messenger/ui/staff/what-of-waiting.tsx';
import type { CallInput } from '#ui/call.ts';
import { ApiError } from '#ui/call.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Messenger = z.output<typeof zMessenger>;
export type MessengerChange = NonNullable<CallInput<typeof updateMessenger>['body']>;

/** When invoices and statements go out by themselves, and whether anything does. */
export function MessengerSettings() {
  const messenger = useAsk(getMessenger);
  const { data } = messenger;
  if (!data)
    return messenger.error ? (
      <Problem error={messenger.error} onRetry={() => void messenger.refetch()} />
    ) : (
      <Skeleton height={420} radius="lg" />
    );
  return (
    <div className="stack loose">
      {data.automatic_messages_since ? <LiveSince since={data.automatic_messages_since} /> : <GoLive />}
      <RuleForm messenger={data} />
    </div>
  );
}

const useRuleForm = (messenger: Messenger) =>
  useFields(
    {
      new_invoice_when: messenger.new_invoice_when as string,
      new_invoice_delay_days: String(messenger.new_invoice_delay_days),
      statement_day: String(messenger.statement_day ?? 'off'),
      work_hour: String(messenger.work_hour),
      send_to_inactive: messenger.send_to_inactive,
      is_limited: messenger.reminder_limit_messages !== null,
      reminder_limit_messages: String(messenger.reminder_limit_messages ?? 2),
      reminder_limit_days: String(messenger.reminder_limit_days),
    },
    {
      reminder_limit_messages: (text, { is_limited }) =>
        !is_limited || isWithin(text, 50) ? null : 'Give a number from 1 to 50',
      reminder_limit_days: (text, { is_limited }) =>
        !is_limited || isWithin(text, 365) ? null : 'Give a number of days from 1 to 365',
      new_invoice_delay_days: (text, { new_invoice_when }) =>
        new_invoice_when !== 'delay' || (/^\d{1,3}$/.test(text.trim()) && Number(text) <= 365)
          ? null
          : 'Give a number of days from 0 to 365',
    },
  );
type Form = ReturnType<typeof useRuleForm>;
const isWithin = (text: string, most: number): boolean =>
  /^\d{1,3}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most;

function changeOf(values: Form['values']): MessengerChange {
  return {
    new_invoice_when: values.new_invoice_when as Messenger['new_invoice_when'],
    ...(values.new_invoice_when === 'delay'
      ? { new_invoice_delay_days: Number(values.new_invoice_delay_days) }
      : {}),
    statement_day: values.statement_day === 'off' ? null : Number(values.statement_day),
    work_hour: Number(values.work_hour),
    send_to_inactive: values.send_to_inactive,
    ...(values.is_limited
      ? {
          reminder_limit_messages: Number(values.reminder_limit_messages),
          reminder_limit_days: Number(values.reminder_limit_days),
        }
      : { reminder_limit_messages: null }),
  };
}

function RuleForm({ messenger }: { messenger: Messenger }) {
  const { can } = useFrame();
  const act = useAct(updateMessenger);
  const form = useRuleForm(messenger);
  /** A change that would send something at once: asked what becomes of that. */
  const [asked, setAsked] = useState<MessengerChange>();
  const save = async (change: MessengerChange): Promise<void> => {
    await act.run({ body: change });
    setAsked(undefined);
    tell('Saved');
  };
  const submit = form.submit(async (values) => {
    const change = changeOf(values);
    await save(change).catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.param !== 'waiting') throw error;
      act.reset();
      setAsked(change);
    });
  });
  return (
    <form onSubmit={submit} className="stack loose" noValidate>
      <NewInvoices form={form} />
      <Statements form={form} />
      <Sheet title="When and to whom">
        <div className="stack">
          <Select
            label="Each day from"
            w={200}
            allowDeselect={false}
            data={Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: hourWords(hour) }))}
            value={form.values.work_hour}
            onChange={(hour) => form.set('work_hour', hour ?? '8')}
            description="By your own clock"
          />
          <Switch
            label="Also to inactive customers"
            description="Off: a customer that is deactivated gets nothing by itself"
            {...form.flag('send_to_inactive')}
          />
        </div>
      </Sheet>
      <ReminderLimit form={form} />
      {can('settings:write') ? (
        <>
          {!asked && <Problem error={act.error} />}
          <div className="dialog-actions">
            <Button type="submit" loading={act.busy}>
              Save
            </Button>
          </div>
        </>
      ) : (
        <p className="fine">Your role may read these settings, not change them.</p>
      )}
      {asked && (
        <WhatOfWaiting
          change={asked}
          act={act}
          onClose={() => setAsked(undefined)}
          onDecide={(waiting) => void save({ ...asked, waiting }).catch(() => undefined)}
        />
      )}
    </form>
  );
}

const hourWords = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

const whens = [
  { value: 'created', label: 'As soon as it is issued', description: 'Whatever its date says' },
  { value: 'invoice_date', label: 'On its invoice date', description: 'One dated ahead waits for its day' },
  {
    value: 'delay',
    label: 'Some days after it was issued',
    description: 'Time to look at it before it goes',
  },
  { value: 'never', label: 'Not by itself', description: 'You send each by hand' },
];

function NewInvoices({ form }: { form: Form }) {
  return (
    <Sheet title="New invoices">
      <div className="stack">
        <Radio.Group
          label="A new invoice goes out"
          labelProps={{ mb: 8 }}
          value={form.values.new_invoice_when}
          onChange={(when) => form.set('new_invoice_when', when)}
        >
          <div className="choices">
            {whens.map((when) => (
              <Radio key={when.value} {...when} />
            ))}
          </div>
        </Radio.Group>
        {form.values.new_invoice_when === 'delay' && (
          <TextInput label="Days" inputMode="numeric" w={96} {...form.text('new_invoice_delay_days')} />
        )}
        <p className="fine">
          Each invoice goes once, as it stands then. One that you sent by hand before counts as sent.
        </p>
      </div>
    </Sheet>
  );
}

function ReminderLimit({ form }: { form: Form }) {
  return (
    <Sheet title="How often">
      <div className="stack">
        <Switch
          label="Limit reminders to a customer"
          description="Off: as many as the customer’s dunning policy has"
          {...form.flag('is_limited')}
        />
        {form.values.is_limited && (
          <div className="row wrap">
            <TextInput
              label="At most"
              inputMode="numeric"
              w={120}
              rightSection={<span className="fine">times</span>}
              rightSectionWidth={56}
              {...form.text('reminder_limit_messages')}
            />
            <TextInput
              label="In"
              inputMode="numeric"
              w={120}
              rightSection={<span className="fine">days</span>}
              rightSectionWidth={56}
              {...form.text('reminder_limit_days')}
            />
          </div>
        )}
        <p className="fine">
          The most overdue go first. What is held is looked at again each day; only its newest step goes.
          Statements and receipts do not count. Each customer that owes is counted by itself: a parent that is
          billed for several may get as many for each.
        </p>
      </div>
    </Sheet>
  );
}

const days = [
  { value: 'off', label: 'Not by themselves' },
  ...Array.from({ length: 31 }, (_, at) => ({ value: String(at + 1), label: `On day ${at + 1}` })),
];

function Statements({ form }: { form: Form }) {
  return (
    <Sheet title="Statements">
      <div className="stack">
        <Select
          label="Each month"
          w={240}
          allowDeselect={false}
          data={days}
          value={form.values.statement_day}
          onChange={(day) => form.set('statement_day', day ?? 'off')}
        />
        <p className="fine">To every customer with an open invoice. In a shorter month it is the last day.</p>
      </div>
    </Sheet>
  );
}
