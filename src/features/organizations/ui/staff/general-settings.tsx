import { Select, TagsInput, TextInput } from '@mantine/core';
import { PortalAddress } from '#features/organizations/ui/staff/portal-address.tsx';
import { orNull, SaveBar, useSave } from '#features/organizations/ui/staff/save-settings.tsx';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import { formatMoney, parseDecimal } from '#lib/money.ts';
import { AddressFields, tidyAddress } from '#ui/address-fields.tsx';
import { Sheet } from '#ui/page.tsx';
import { filled, useFields } from '#ui/use-fields.ts';

const locales = [
  'en-US',
  'en-GB',
  'en-CA',
  'en-AU',
  'de-DE',
  'de-CH',
  'fr-FR',
  'fr-CA',
  'es-ES',
  'es-MX',
  'it-IT',
  'nl-NL',
  'pt-BR',
  'sv-SE',
  'da-DK',
  'nb-NO',
  'pl-PL',
  'ja-JP',
];

/** How a locale writes, by example: easier to choose from than a name. */
function localeChoices(currency: string) {
  const names = new Intl.DisplayNames('en', { type: 'language' });
  return locales.map((value) => ({
    value,
    label: `${names.of(value)}: ${formatMoney(parseDecimal('1234', currency) ?? 0n, currency, value)}`,
  }));
}

type Form = ReturnType<typeof useGeneralForm>;

function useGeneralForm(organization: Organization) {
  return useFields(
    {
      name: organization.name,
      legal_name: organization.legal_name ?? '',
      time_zone: organization.time_zone,
      locale: organization.locale,
      address: organization.address,
      email: organization.email ?? '',
      phone: organization.phone ?? '',
      website: organization.website ?? '',
      tax_id: organization.tax_id ?? '',
      notify_emails: organization.notify_emails,
      first_weekday: String(organization.first_weekday),
      fiscal_month: String(organization.fiscal_month),
    },
    { name: filled('What does your business call itself?') },
  );
}

export function GeneralSettings({ organization }: { organization: Organization }) {
  const { act, save } = useSave();
  const form = useGeneralForm(organization);
  const submit = form.submit(
    ({ name, time_zone, locale, address, notify_emails, first_weekday, fiscal_month, ...texts }) =>
      save({
        name,
        time_zone,
        locale,
        notify_emails,
        first_weekday: Number(first_weekday),
        fiscal_month: Number(fiscal_month),
        address: tidyAddress(address),
        legal_name: orNull(texts.legal_name),
        email: orNull(texts.email),
        phone: orNull(texts.phone),
        website: orNull(texts.website),
        tax_id: orNull(texts.tax_id),
      }),
  );
  return (
    <div className="stack loose">
      <form onSubmit={submit} className="stack loose" noValidate>
        <Business form={form} />
        <Sheet title="Address">
          <AddressFields
            value={form.values.address}
            errors={form.errors}
            onChange={(address) => form.set('address', address)}
          />
        </Sheet>
        <TimeAndMoney form={form} currency={organization.currency} />
        <Sheet title="Notices to you">
          <TagsInput
            label="Send notices about payments to"
            description="Press Enter after each address"
            value={form.values.notify_emails}
            error={form.errors.notify_emails}
            maxTags={20}
            splitChars={[',', ' ', ';']}
            onChange={(list) => form.set('notify_emails', list)}
          />
        </Sheet>
        <SaveBar act={act} />
      </form>
      <PortalAddress key={organization.portal_slug} organization={organization} />
    </div>
  );
}

function Business({ form }: { form: Form }) {
  return (
    <Sheet title="Your business">
      <div className="fields two">
        <TextInput label="Name" required {...form.text('name')} />
        <TextInput label="Legal name" {...form.text('legal_name')} />
        <TextInput label="E-mail" type="email" {...form.text('email')} />
        <TextInput label="Phone" type="tel" {...form.text('phone')} />
        <TextInput label="Website" type="url" {...form.text('website')} />
        <TextInput label="Tax number" {...form.text('tax_id')} />
      </div>
    </Sheet>
  );
}

function TimeAndMoney({ form, currency }: { form: Form; currency: string }) {
  return (
    <Sheet title="Time and money">
      <div className="fields two">
        <Select
          label="Time zone"
          searchable
          data={zonesWith(form.values.time_zone)}
          value={form.values.time_zone}
          error={form.errors.time_zone}
          onChange={(zone) => zone && form.set('time_zone', zone)}
        />
        <Select
          label="Amounts and dates"
          searchable
          data={localeChoices(currency)}
          value={form.values.locale}
          error={form.errors.locale}
          onChange={(locale) => locale && form.set('locale', locale)}
        />
        <TextInput
          label="Currency"
          value={currency}
          disabled
          description="Your books are kept in it; it stays as chosen."
        />
        <Select
          label="Weeks begin on"
          description="In reports and choices of a weekday"
          data={weekdays(form.values.locale)}
          value={form.values.first_weekday}
          allowDeselect={false}
          onChange={(day) => day && form.set('first_weekday', day)}
        />
        <Select
          label="The fiscal year begins in"
          description="For “this fiscal year” in reports and on the overview"
          data={months(form.values.locale)}
          value={form.values.fiscal_month}
          allowDeselect={false}
          onChange={(month) => month && form.set('fiscal_month', month)}
        />
      </div>
    </Sheet>
  );
}

// 2024 began on a Monday.
const named = (locale: string, style: 'weekday' | 'month', date: string): string =>
  new Intl.DateTimeFormat(locale.startsWith('en') ? locale : 'en', {
    [style]: 'long',
    timeZone: 'UTC',
  }).format(Date.parse(date));
const weekdays = (locale: string) =>
  [1, 0, 6, 2, 3, 4, 5].map((day) => ({
    value: String(day),
    label: named(locale, 'weekday', `2024-01-0${day === 0 ? 7 : day}`),
  }));
const months = (locale: string) =>
  Array.from({ length: 12 }, (_, at) => ({
    value: String(at + 1),
    label: named(locale, 'month', `2024-${String(at + 1).padStart(2, '0')}-01`),
  }));

function zonesWith(own: string): string[] {
  const all = Intl.supportedValuesOf('timeZone');
  return all.includes(own) ? all : [own, ...all];
}
