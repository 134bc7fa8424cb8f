import { Select, TextInput } from '@mantine/core';

export type AddressValue = {
  line1?: string | undefined;
  line2?: string | undefined;
  city?: string | undefined;
  region?: string | undefined;
  postal_code?: string | undefined;
  country?: string | undefined;
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
let countryList: { value: string; label: string }[] | undefined;

/** Every country the browser can name. */
export function countries(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const unassigned = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);
  countryList ??= letters
    .flatMap((one) => letters.map((other) => one + other))
    .flatMap((code) => {
      const label = unassigned.has(code) ? undefined : names.of(code);
      return label ? [{ value: code, label }] : [];
    })
    .sort((a, b) => a.label.localeCompare(b.label));
  return countryList;
}

type Props = {
  value: AddressValue;
  onChange: (value: AddressValue) => void;
  errors?: Record<string, string>;
  prefix?: string;
};

export function AddressFields({ value, onChange, errors = {}, prefix = 'address' }: Props) {
  const text = (name: keyof AddressValue, label: string, autoComplete: string) => (
    <TextInput
      label={label}
      value={value[name] ?? ''}
      autoComplete={autoComplete}
      error={errors[`${prefix}.${name}`]}
      onChange={(event) => onChange({ ...value, [name]: event.currentTarget.value })}
    />
  );
  return (
    <div className="fields two">
      <div className="wide">{text('line1', 'Street', 'address-line1')}</div>
      <div className="wide">{text('line2', 'Suite, floor, building', 'address-line2')}</div>
      {text('city', 'City', 'address-level2')}
      {text('region', 'State or region', 'address-level1')}
      {text('postal_code', 'Postal code', 'postal-code')}
      <Select
        label="Country"
        searchable
        clearable
        data={countries()}
        value={value.country ?? null}
        error={errors[`${prefix}.country`]}
        onChange={(country) => onChange({ ...value, country: country ?? undefined })}
      />
    </div>
  );
}

/** Empty fields are not sent: an address says only what it knows. */
export const tidyAddress = (value: AddressValue): Record<string, string> =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) => (text?.trim() ? [[name, text.trim()]] : [])),
  );

export function addressLines(value: AddressValue): string[] {
  const town = [value.city, [value.region, value.postal_code].filter(Boolean).join(' ')]
    .filter(Boolean)
    .join(', ');
  const country = value.country
    ? countries().find(({ value: code }) => code === value.country)?.label
    : undefined;
  return [value.line1, value.line2, town, country].filter((line): line is string => Boolean(line));
}
