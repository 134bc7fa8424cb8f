import { ActionIcon, MultiSelect, Textarea, TextInput } from '@mantine/core';
import { IconGripVertical, IconTrash } from '@tabler/icons-react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import type { DraftLine, Habit, LineField } from '#features/invoices/ui/staff/draft-lines.ts';
import { decimalMark, toTyped } from '#lib/money.ts';
import { DateField } from '#ui/fields.tsx';

type ChosenItem = {
  name: string;
  description: string | null;
  unit_price: string;
  taxable: boolean;
  tax_rate_ids: string[];
};
/** What other rooms put into a line; the shell hands it in. */
export type LineRooms = {
  item: (field: {
    label: string;
    name: string;
    value: string;
    error: string | undefined;
    onText: (text: string) => void;
    onItem: (item: ChosenItem) => void;
    onKeyDown: (event: KeyboardEvent) => void;
  }) => ReactNode;
};

type Props = {
  line: DraftLine;
  index: number;
  amount: string;
  errors: Partial<Record<LineField, string>>;
  columns: ReadonlySet<string>;
  rooms: LineRooms;
  habit: Habit;
  onChange: (patch: Partial<DraftLine>) => void;
  onRemove: () => void;
  onMove: (to: number) => void;
  onEnter: (() => void) | undefined;
};

export function LineRow(props: Props) {
  const { line, index, amount, errors, habit, onChange, onEnter } = props;
  const name = `Line ${index + 1}`;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !onEnter || event.defaultPrevented) return;
    event.preventDefault();
    onEnter();
  };
  const figure = (key: 'quantity' | 'unit_price', label: string) => ({
    'aria-label': `${name}: ${label}`,
    value: line[key],
    error: errors[key],
    inputMode: 'decimal' as const,
    classNames: { input: 'money-input' },
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ [key]: event.currentTarget.value, amount: undefined }),
    onKeyDown,
  });
  return (
    <li className="line-row">
      <Grip name={name} index={index} onMove={props.onMove} />
      <div className="line-item">
        {props.rooms.item({
          label: `${name}: item`,
          name: `lines.${index}.item_name`,
          value: line.item_name,
          error: errors.item_name,
          onText: (text) => onChange({ item_name: text }),
          onItem: (item) => onChange(patchOf(item, line, habit)),
          onKeyDown,
        })}
      </div>
      <TextInput className="line-quantity" placeholder="Quantity" {...figure('quantity', 'quantity')} />
      <TextInput
        className="line-price"
        placeholder={toTyped(0n, habit.currency, habit.locale)}
        {...figure('unit_price', 'price')}
      />
      <span className="line-amount num">{amount}</span>
      <ActionIcon
        className="line-remove"
        size={36}
        aria-label={`Remove ${name.toLowerCase()}`}
        onClick={props.onRemove}
      >
        <IconTrash size={16} stroke={1.6} />
      </ActionIcon>
      <LineMore {...props} name={name} onKeyDown={onKeyDown} />
    </li>
  );
}

/** What an item says of itself goes into the line, and may be changed there. */
const patchOf = (item: ChosenItem, line: DraftLine, habit: Habit): Partial<DraftLine> => ({
  item_name: item.name,
  description: item.description ?? line.description,
  unit_price: item.unit_price.replace('.', decimalMark(habit.locale)),
  amount: undefined,
  ...(item.tax_rate_ids.length > 0 ? { tax_rate_ids: item.tax_rate_ids, taxable: true, tax_rate: '' } : {}),
  ...(item.taxable ? {} : { tax_rate_ids: [], taxable: false, tax_rate: '' }),
});

/** The second row of a line: its words, its tax, and what the organization shows besides. */
function LineMore(props: Props & { name: string; onKeyDown: (event: KeyboardEvent) => void }) {
  const { line, name, errors, columns, habit, onChange } = props;
  const bare = line.taxable && line.tax_rate_ids.length === 0 ? `bare:${line.tax_rate}` : undefined;
  const data = [
    ...(habit.rates ?? []).flatMap((rate) => (rate.id ? [{ value: rate.id, label: rate.name }] : [])),
    ...(bare ? [{ value: bare, label: `Sales tax ${line.tax_rate} %` }] : []),
  ];
  const choose = (chosen: string[]): void => {
    const ids = chosen.filter((id) => !id.startsWith('bare:'));
    const keepsBare = bare !== undefined && ids.length === 0 && chosen.includes(bare);
    onChange({
      tax_rate_ids: ids,
      taxable: ids.length > 0 || keepsBare,
      ...(keepsBare ? {} : { tax_rate: '' }),
    });
  };
  return (
    <div className="line-more">
      <Textarea
        className="line-description"
        aria-label={`${name}: description`}
        placeholder="Description"
        autosize
        minRows={1}
        maxRows={8}
        value={line.description}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <MultiSelect
        className="line-taxes"
        aria-label={`${name}: tax rates`}
        placeholder={line.tax_rate_ids.length > 0 || bare ? undefined : 'No tax'}
        data={data}
        value={bare ? [bare] : line.tax_rate_ids}
        error={errors.tax_rate}
        onChange={choose}
        nothingFoundMessage="No rates yet: add one above the lines"
      />
      {columns.has('discount') && (
        <TextInput
          className="line-discount"
          aria-label={`${name}: discount, in percent or as an amount`}
          placeholder="Discount"
          value={line.discount}
          error={errors.discount}
          onChange={(event) => onChange({ discount: event.currentTarget.value, amount: undefined })}
          onKeyDown={props.onKeyDown}
        />
      )}
      {columns.has('service_date') && (
        <DateField
          className="line-date"
          aria-label={`${name}: service date`}
          value={line.service_date}
          onChange={(date) => onChange({ service_date: date })}
        />
      )}
    </div>
  );
}

/** Drag with mouse or finger, or the arrow keys. */
function Grip({ name, index, onMove }: { name: string; index: number; onMove: (to: number) => void }) {
  const drag = (event: PointerEvent<HTMLButtonElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const rows = [...(event.currentTarget.closest('ol')?.children ?? [])];
    const to = rows.findIndex((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return event.clientY >= top && event.clientY <= bottom;
    });
    if (to >= 0 && to !== index) onMove(to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onMove(index + by);
  };
  return (
    <button
      type="button"
      className="line-grip"
      aria-label={`Move ${name.toLowerCase()}: drag, or arrow up and down`}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={onKeyDown}
    >
      <IconGripVertical size={16} aria-hidden />
    </button>
  );
}
