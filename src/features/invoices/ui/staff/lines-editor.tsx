import { ActionIcon, Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useEffect, useRef } from 'react';
import type { DraftLine, LineField } from '#features/invoices/ui/staff/draft-lines.ts';
import { draftTotals, emptyLine, lineErrors } from '#features/invoices/ui/staff/draft-lines.ts';
import { decimalMark, toTyped } from '#lib/money.ts';
import { useFrame } from '#ui/frame.tsx';

type Props = {
  lines: DraftLine[];
  onChange: (lines: DraftLine[]) => void;
  currency: string;
  marked: boolean;
};

/** Lines and their totals, worked out with every key. Enter in the last line begins another. */
export function LinesEditor({ lines, onChange, currency, marked }: Props) {
  const { money, locale } = useFrame();
  const habit = { currency, locale };
  const totals = draftTotals(lines, habit);
  const errors = marked ? lineErrors(lines, habit) : new Map<string, Partial<Record<LineField, string>>>();
  const list = useRef<HTMLOListElement>(null);
  const before = useRef(lines.length);
  useEffect(() => {
    if (lines.length > before.current)
      list.current?.querySelector<HTMLInputElement>('li:last-child input')?.focus();
    before.current = lines.length;
  }, [lines.length]);
  const add = () => onChange([...lines, emptyLine(lines.at(-1))]);
  const change = (key: string, patch: Partial<DraftLine>) =>
    onChange(lines.map((line) => (line.key === key ? { ...line, ...patch } : line)));
  const remove = (key: string) =>
    onChange(lines.length > 1 ? lines.filter((line) => line.key !== key) : [emptyLine()]);
  return (
    <div className="lines-editor">
      <div className="line-heads" aria-hidden>
        <span>Item</span>
        <span>Quantity</span>
        <span>Price</span>
        <span>Taxable</span>
        <span>Tax rate</span>
        <span data-align="end">Amount</span>
        <span />
      </div>
      <ol ref={list}>
        {lines.map((line, index) => (
          <LineRow
            key={line.key}
            line={line}
            name={`Line ${index + 1}`}
            amount={money(totals.lines[index]?.amount ?? 0n, currency)}
            errors={errors.get(line.key) ?? {}}
            onChange={(patch) => change(line.key, patch)}
            onRemove={() => remove(line.key)}
            onEnter={index === lines.length - 1 ? add : undefined}
          />
        ))}
      </ol>
      <div className="lines-foot">
        <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
          Add a line
        </Button>
        <dl className="totals">
          <div>
            <dt>Subtotal</dt>
            <dd className="num">{money(totals.subtotal, currency)}</dd>
          </div>
          <div>
            <dt>Tax</dt>
            <dd className="num">{money(totals.tax, currency)}</dd>
          </div>
          <div data-strong="true">
            <dt>Total</dt>
            <dd className="num">{money(totals.total, currency)}</dd>
          </div>
        </dl>
      </div>
    </div>
  );
}

type RowProps = {
  line: DraftLine;
  name: string;
  amount: string;
  errors: Partial<Record<LineField, string>>;
  onChange: (patch: Partial<DraftLine>) => void;
  onRemove: () => void;
  onEnter: (() => void) | undefined;
};

function LineRow({ line, name, amount, errors, onChange, onRemove, onEnter }: RowProps) {
  const { currency, locale } = useFrame();
  const field = (key: LineField, label: string) => ({
    'aria-label': `${name}: ${label}`,
    value: line[key],
    error: errors[key],
    onChange: (event: { currentTarget: { value: string } }) => onChange({ [key]: event.currentTarget.value }),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !onEnter) return;
      event.preventDefault();
      onEnter();
    },
  });
  return (
    <li className="line-row">
      <div className="line-item">
        <TextInput placeholder="Item" {...field('item_name', 'item')} />
        <Textarea
          aria-label={`${name}: description`}
          placeholder="Description"
          minRows={1}
          value={line.description}
          onChange={(event) => onChange({ description: event.currentTarget.value })}
        />
      </div>
      <TextInput
        className="line-quantity"
        inputMode="decimal"
        classNames={{ input: 'money-input' }}
        {...field('quantity', 'quantity')}
      />
      <TextInput
        className="line-price"
        inputMode="decimal"
        placeholder={toTyped(0n, currency, locale)}
        classNames={{ input: 'money-input' }}
        {...field('unit_price', 'price')}
      />
      <Checkbox
        className="line-taxable"
        label={<span className="narrow-only">Taxable</span>}
        aria-label={`${name}: taxable`}
        checked={line.taxable}
        onChange={(event) => onChange({ taxable: event.currentTarget.checked })}
      />
      <TextInput
        className="line-rate"
        inputMode="decimal"
        placeholder={line.taxable ? `8${decimalMark(locale)}25` : ''}
        disabled={!line.taxable}
        rightSection={<span className="unit">%</span>}
        rightSectionWidth={28}
        classNames={{ input: 'money-input' }}
        {...field('tax_rate', 'tax rate in percent')}
      />
      <span className="line-amount num">{amount}</span>
      <ActionIcon
        className="line-remove"
        size={36}
        aria-label={`Remove ${name.toLowerCase()}`}
        onClick={onRemove}
      >
        <IconTrash size={16} stroke={1.6} />
      </ActionIcon>
    </li>
  );
}
