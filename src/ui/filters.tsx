import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { DateField } from '#ui/fields.tsx';

type Option<T extends string> = { value: T; label: string };

/** One of a few views of the same list. */
export function Chips<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
}) {
  return (
    <div className="chips" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

/** Searches while one types, and waits for a pause so that each letter does not cost a question. */
export function ListSearch({
  label,
  placeholder,
  value,
  onChange,
}: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (letters: string) => void;
}) {
  const [letters, setLetters] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    if (value !== sent.current) setLetters(value);
    sent.current = value;
  }, [value]);
  useEffect(() => {
    if (letters === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = letters;
      onChange(letters);
    }, 250);
    return () => clearTimeout(timer);
  }, [letters, onChange]);
  return (
    <TextInput
      className="grow"
      type="search"
      data-list-search
      aria-label={label}
      placeholder={placeholder}
      value={letters}
      onChange={(event) => setLetters(event.currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        letters && <CloseButton size="sm" aria-label="Clear the search" onClick={() => setLetters('')} />
      }
    />
  );
}

type RangeProps = {
  word: string;
  from: string | undefined;
  to: string | undefined;
  onChange: (range: { from?: string | undefined; to?: string | undefined }) => void;
};

/** From a day to a day, both included; either may be left open. */
export function DateRange({ word, from, to, onChange }: RangeProps) {
  return (
    <>
      <span className="filter-word">{word} from</span>
      <DateField
        aria-label={`${word} from`}
        value={from ?? ''}
        onChange={(date) => onChange({ from: date || undefined, to })}
      />
      <span className="filter-word">to</span>
      <DateField
        aria-label={`${word} to`}
        value={to ?? ''}
        onChange={(date) => onChange({ from, to: date || undefined })}
      />
    </>
  );
}
