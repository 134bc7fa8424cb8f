import { Select, Switch, TextInput } from '@mantine/core';
import { SaveBar, useSave } from '#features/organizations/ui/staff/save-settings.tsx';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import { Sheet } from '#ui/page.tsx';
import { useFields } from '#ui/use-fields.ts';

const whens = [
  { value: 'created', label: 'On the day it is issued' },
  { value: 'invoice_date', label: 'On its invoice date' },
  { value: 'due_date', label: 'On its due date' },
] as const;
const retries = ['0', '1', '2', '3', '4'].map((value) => ({
  value,
  label: value === '0' ? 'Never' : value === '1' ? 'Once' : `${value} times`,
}));
const daysUpTo = (least: number) => (text: string) =>
  /^\d{1,2}$/.test(text.trim()) && Number(text) >= least && Number(text) <= 30
    ? null
    : `Give a number of days from ${least} to 30`;

/** What payers are offered who switch autopay on, and what becomes of charges that fail. */
export function AutopaySettings({ organization }: { organization: Organization }) {
  const { act, save } = useSave();
  const form = useFields(
    {
      autopay_when: organization.autopay_when as string,
      autopay_notice_days: String(organization.autopay_notice_days),
      failed_charge_retries: String(organization.failed_charge_retries),
      failed_charge_retry_days: String(organization.failed_charge_retry_days),
      email_failed_charges: organization.email_failed_charges,
    },
    { autopay_notice_days: daysUpTo(0), failed_charge_retry_days: daysUpTo(1) },
  );
  const { values, set } = form;
  const submit = form.submit(() =>
    save({
      autopay_when: whens.find(({ value }) => value === values.autopay_when)?.value ?? 'created',
      autopay_notice_days: Number(values.autopay_notice_days),
      failed_charge_retries: Number(values.failed_charge_retries),
      failed_charge_retry_days: Number(values.failed_charge_retry_days),
      email_failed_charges: values.email_failed_charges,
    }),
  );
  return (
    <form onSubmit={submit} className="stack loose" noValidate>
      <Sheet title="Autopay that customers switch on">
        <div className="fields two">
          <Select
            label="An invoice is charged"
            data={[...whens]}
            value={values.autopay_when}
            allowDeselect={false}
            onChange={(when) => set('autopay_when', when ?? 'created')}
          />
          <TextInput
            label="Days of notice"
            inputMode="numeric"
            description="The customer is mailed so many days before the charge; 0 for no notice"
            {...form.text('autopay_notice_days')}
          />
        </div>
      </Sheet>
      <Sheet title="Charges that fail">
        <div className="stack">
          <div className="fields two">
            <Select
              label="Try a declined charge again"
              description="Where there was not enough money, say. What a bank refuses for good is never tried again."
              data={retries}
              value={values.failed_charge_retries}
              allowDeselect={false}
              onChange={(often) => set('failed_charge_retries', often ?? '0')}
            />
            <TextInput
              label="Days between tries"
              inputMode="numeric"
              description="Never more often than card networks and banks allow"
              {...form.text('failed_charge_retry_days')}
            />
          </div>
          <Switch
            label="Tell us of each charge that fails"
            description="Autopay, schedules and payment plans"
            {...form.flag('email_failed_charges')}
          />
        </div>
      </Sheet>
      <SaveBar act={act} />
    </form>
  );
}
