import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { partsOf } from '#features/invoices/sum-rules.ts';
import type { DraftLine, Habit, LineField } from '#features/invoices/ui/staff/draft-lines.ts';
import { draftTotals, emptyLine, lineErrors, moved } from '#features/invoices/ui/staff/draft-lines.ts';
import { type LineRooms, LineRow } from '#features/invoices/ui/staff/line-row.tsx';
import { useFrame } from '#ui/frame.tsx';

type Props = {
  lines: DraftLine[];
  onChange: (lines: DraftLine[]) => void;
  habit: Habit;
  /** Off the whole invoice, as it is typed. */
  discount: string;
  columns: ReadonlySet<string>;
  rooms: LineRooms;
  marked: boolean;
};

/** Lines and their totals, worked out with every key. Enter in the last line begins another. */
export function LinesEditor({ lines, onChange, habit, discount, columns, rooms, marked }: Props) {
  const { money } = useFrame();
  const totals = draftTotals(lines, habit, discount);
  const errors = marked ? lineErrors(lines, habit) : new Map<string, Partial<Record<LineField, string>>>();
  const list = useRef<HTMLOListElement>(null);
  const before = useRef(lines.length);
  const [said, setSaid] = useState('');
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
  const move = (from: number, to: number) => {
    if (to < 0 || to >= lines.length || to === from) return;
    onChange(moved(lines, from, to));
    setSaid(`Line ${from + 1} is now line ${to + 1} of ${lines.length}`);
  };
  return (
    <div className="lines-editor">
      <ol ref={list}>
        {lines.map((line, index) => (
          <LineRow
            key={line.key}
            line={line}
            index={index}
            amount={money(totals.lines[index]?.amount ?? 0n, habit.currency)}
            errors={errors.get(line.key) ?? {}}
            columns={columns}
            rooms={rooms}
            habit={habit}
            onChange={(patch) => change(line.key, patch)}
            onRemove={() => remove(line.key)}
            onMove={(to) => move(index, to)}
            onEnter={index === lines.length - 1 ? add : undefined}
          />
        ))}
      </ol>
      <p className="unseen" role="status">
        {said}
      </p>
      <div className="lines-foot">
        <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
          Add a line
        </Button>
        <DraftSums lines={lines} habit={habit} discount={discount} />
      </div>
    </div>
  );
}

function DraftSums({ lines, habit, discount }: Pick<Props, 'lines' | 'habit' | 'discount'>) {
  const { money } = useFrame();
  const totals = draftTotals(lines, habit, discount);
  const { discounts, onTop, inside } = partsOf({ ...totals, discountTerms: discount.trim() }, totals.lines);
  const rows: [string, bigint, boolean?][] = [
    ['Subtotal', totals.subtotal],
    ...discounts.map(({ label, amount }): [string, bigint] => [label, -amount]),
    ...onTop.map(({ label, amount }): [string, bigint] => [label, amount]),
    ['Total', totals.total, true],
    ...inside.map(({ label, amount }): [string, bigint] => [label, amount]),
  ];
  return (
    <dl className="totals">
      {rows.map(([label, amount, strong]) => (
        <div key={label} data-strong={strong}>
          <dt>{label}</dt>
          <dd className="num">{money(amount, habit.currency)}</dd>
        </div>
      ))}
    </dl>
  );
}
