import type { TextInputProps } from '@mantine/core';
import { Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { currencyDigits, readTyped, toTyped } from '#lib/money.ts';
import { useFrame } from '#ui/frame.tsx';
import { fitting, useSteady } from '#ui/use-steady.ts';

type MoneyProps = Omit<TextInputProps, 'value' | 'onChange'> & {
  /** What stands in the field: a decimal, or not yet one. */
  value: string;
  onChange: (text: string) => void;
  currency: string;
};

export function MoneyField({ value, onChange, currency, ...rest }: MoneyProps) {
  const { locale } = useFrame();
  const tidy = (): void => {
    const amount = readTyped(value, currency, locale);
    if (amount !== undefined) onChange(toTyped(amount, currency, locale));
  };
  return (
    <TextInput
      {...rest}
      value={value}
      inputMode={currencyDigits(currency) === 0 ? 'numeric' : 'decimal'}
      classNames={{ input: 'money-input' }}
      autoComplete="off"
      rightSection={<span className="unit">{currency}</span>}
      rightSectionWidth={52}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={tidy}
    />
  );
}

type DateProps = Omit<TextInputProps, 'value' | 'onChange' | 'type'> & {
  value: string;
  onChange: (date: string) => void;
};

/** A calendar date. The browser's own field: it knows the reader's habits, the keyboard and the phone. */
export function DateField({ value, onChange, ...rest }: DateProps) {
  return (
    <TextInput
      {...rest}
      type="date"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export type Choice = { value: string; label: string };

type PickProps = {
  label: ReactNode;
  placeholder?: string;
  /** Names this search among the cached ones. */
  source: string;
  find: (letters: string) => Promise<Choice[]>;
  value: Choice | null;
  onChange: (choice: Choice | null) => void;
  error?: ReactNode;
  required?: boolean;
  clearable?: boolean;
  autoFocus?: boolean;
  hideLabel?: boolean;
};

/** Type a few letters, choose one of the server's best answers. */
export function PickField({ label, source, find, value, onChange, hideLabel, ...rest }: PickProps) {
  const [letters, setLetters] = useState('');
  const [settled] = useDebouncedValue(letters, 180);
  const wanted = value && settled === value.label ? '' : settled;
  const answer = useQuery({
    queryKey: ['pick', source, wanted],
    queryFn: () => find(wanted),
    placeholderData: (before) => before,
  });
  const isLate = letters !== settled || answer.isPlaceholderData;
  const typed = value && letters === value.label ? '' : letters;
  const found = (answer.data ?? []).filter(({ label: name }) => !isLate || fitting(name, typed));
  const { shown, onKeyDown } = useSteady(found, letters);
  const data = value && !shown.some((choice) => choice.value === value.value) ? [value, ...shown] : shown;
  return (
    <Select
      {...rest}
      {...(hideLabel ? { 'aria-label': String(label) } : { label })}
      searchable
      data={data}
      value={value?.value ?? null}
      onSearchChange={setLetters}
      onKeyDown={onKeyDown}
      filter={({ options }) => options}
      limit={30}
      nothingFoundMessage={isLate || answer.isFetching ? 'Searching…' : 'Nothing found'}
      onChange={(id) => onChange(data.find((choice) => choice.value === id) ?? null)}
    />
  );
}

export type PickerProps = {
  id: string | undefined;
  onChange: (id: string | undefined) => void;
  label: string;
  hideLabel?: boolean;
  placeholder?: string;
  clearable?: boolean;
  required?: boolean;
  autoFocus?: boolean;
  error?: ReactNode;
};
/** Chooses a document of another room; the shell hands it in, so that rooms do not know each other. */
export type Picker = (props: PickerProps) => ReactNode;
