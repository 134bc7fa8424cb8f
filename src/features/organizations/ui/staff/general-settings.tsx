import { Select, TagsInput, TextInput } from '@mantine/core';
import { orNull, SaveBar, useSave } from '#features/organizations/ui/staff/save-settings.tsx';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import { formatMoney, parseDecimal } from '#lib/money.ts';
import { AddressFields, tidyAddress } from '#ui/address-fields.tsx';
import { CopyButton } from '#ui/copy.tsx';
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
    },
    { name: filled('What does your business call itself?') },
  );
}

export function GeneralSettings({ organization }: { organization: Organization }) {
  const { act, save } = useSave();
  const form = useGeneralForm(organization);
  const submit = form.submit(({ name, time_zone, locale, address, notify_emails, ...texts }) =>
    save({
      name,
      time_zone,
      locale,
      notify_emails,
      address: tidyAddress(address),
      legal_name: orNull(texts.legal_name),
      email: orNull(texts.email),
      phone: orNull(texts.phone),
      website: orNull(texts.website),
      tax_id: orNull(texts.tax_id),
    }),
  );
  return (
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
      <Sheet title="Your customers’ portal">
        <div className="row between">
          <code className="break">{organization.portal_url}</code>
          <CopyButton size="xs" text={organization.portal_url}>
            Copy the address
          </CopyButton>
        </div>
      </Sheet>
      <SaveBar act={act} />
    </form>
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
      </div>
    </Sheet>
  );
}

function zonesWith(own: string): string[] {
  const all = Intl.supportedValuesOf('timeZone');
  return all.includes(own) ? all : [own, ...all];
}
