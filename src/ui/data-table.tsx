import { Checkbox, Skeleton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { useShortcuts } from '#ui/shortcuts.ts';

export type Column<Row> = {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  align?: 'end';
  /** Where it stands when the table folds into cards on a narrow screen. */
  slot: 'title' | 'amount' | 'state' | 'detail' | 'wide-only';
  /** The `sort` values of this column, first click first. */
  sort?: readonly [string, string];
  width?: string;
  /** Said, not shown. */
  hideTitle?: boolean;
};

type Selection = { ids: ReadonlySet<string>; change: (ids: ReadonlySet<string>) => void };

type TableProps<Row> = {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[] | undefined;
  idOf: (row: Row) => string;
  /** The page that a row opens. */
  linkOf?: (row: Row) => string;
  /** Where a row is edited; undefined: nothing of it can be. */
  editOf?: (row: Row) => { to: string; search?: Record<string, string> } | undefined;
  nameOf?: (row: Row) => string;
  empty: ReactNode;
  selection?: Selection;
  sort?: { by: string; change: (by: string) => void };
  /** Marks a row that needs a look. */
  toneOf?: (row: Row) => 'bad' | 'faint' | undefined;
  /** What else a letter does with the active row, before what it does on every page. */
  rowKeys?: Record<string, (row: Row) => void>;
  /** The list that j, k, Enter, x and e belong to; off for lists inside a page. */
  keys?: boolean;
};

export function DataTable<Row>(props: TableProps<Row>) {
  const { columns, rows, selection, label, sort } = props;
  const { active, setActive, table } = useRowKeys(props);
  if (rows && rows.length === 0) return <>{props.empty}</>;
  const allIds = (rows ?? []).map(props.idOf);
  const chosen = allIds.filter((id) => selection?.ids.has(id)).length;
  return (
    <table
      className={selection ? 'data-table selectable' : 'data-table'}
      aria-label={label}
      aria-busy={!rows}
      role="table"
      ref={table}
    >
      <thead role="rowgroup">
        <tr role="row">
          {selection && (
            <th role="columnheader" className="pick">
              <Checkbox
                size="xs"
                aria-label="Select all on this page"
                checked={chosen > 0 && chosen === allIds.length}
                indeterminate={chosen > 0 && chosen < allIds.length}
                onChange={(event) => selection.change(new Set(event.currentTarget.checked ? allIds : []))}
              />
            </th>
          )}
          {columns.map((column) => (
            <HeadCell key={column.key} column={column} sort={sort} />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows ? (
          rows.map((row, index) => (
            <Row
              key={props.idOf(row)}
              row={row}
              table={props}
              active={active === index}
              onEnter={() => setActive(index)}
            />
          ))
        ) : (
          <Waiting columns={columns.length + (selection ? 1 : 0)} />
        )}
      </tbody>
    </table>
  );
}

function HeadCell<Row>({ column, sort }: { column: Column<Row>; sort: TableProps<Row>['sort'] }) {
  const style = column.width ? { width: column.width } : undefined;
  const common = {
    role: 'columnheader',
    'data-align': column.align,
    'data-slot': column.slot,
    style,
  } as const;
  if (!column.sort || !sort)
    return (
      <th {...common} scope="col">
        {column.hideTitle ? <span className="hidden">{column.title}</span> : column.title}
      </th>
    );
  const [first, second] = column.sort;
  const on = sort.by === first || sort.by === second;
  const descending = sort.by.startsWith('-');
  const Arrow = descending ? IconArrowDown : IconArrowUp;
  return (
    <th {...common} scope="col" aria-sort={on ? (descending ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        className="sorter"
        data-on={on}
        onClick={() => sort.change(sort.by === first ? second : first)}
      >
        {column.title}
        {on && <Arrow size={13} aria-hidden />}
      </button>
    </th>
  );
}

type RowProps<R> = { row: R; table: TableProps<R>; active: boolean; onEnter: () => void };

function Row<R>({ row, table, active, onEnter }: RowProps<R>) {
  const navigate = useNavigate();
  const { selection, linkOf, columns, nameOf } = table;
  const id = table.idOf(row);
  const link = linkOf?.(row);
  const picked = selection?.ids.has(id) ?? false;
  const open = (event: MouseEvent): void => {
    const inner = event.target instanceof Element && event.target.closest('a,button,input,label');
    if (!link || inner || window.getSelection()?.toString()) return;
    void navigate({ to: link });
  };
  return (
    <tr
      role="row"
      data-active={active}
      data-picked={picked}
      data-tone={table.toneOf?.(row)}
      data-link={Boolean(link)}
      onClick={open}
      onFocus={onEnter}
    >
      {selection && (
        <td role="cell" className="pick">
          <Checkbox
            size="xs"
            aria-label={`Select ${nameOf?.(row) ?? id}`}
            checked={picked}
            onChange={() => selection.change(toggled(selection.ids, id))}
          />
        </td>
      )}
      {columns.map((column) => (
        <td
          key={column.key}
          role="cell"
          data-align={column.align}
          data-slot={column.slot}
          data-label={column.title}
        >
          {link && column.slot === 'title' ? (
            <Link to={link} className="row-link">
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}

function Waiting({ columns }: { columns: number }) {
  return Array.from({ length: 8 }, (_, line) => (
    <tr key={line} role="row" className="waiting">
      {Array.from({ length: columns }, (_, cell) => (
        <td key={cell} role="cell">
          <Skeleton height={12} width={`${45 + ((line * 3 + cell * 5) % 5) * 10}%`} />
        </td>
      ))}
    </tr>
  ));
}

function toggled(ids: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

function useRowKeys<R>(props: TableProps<R>) {
  const { rows, idOf, linkOf, editOf, selection, rowKeys = {}, keys = true } = props;
  const [active, setActive] = useState(-1);
  const table = useRef<HTMLTableElement>(null);
  const navigate = useNavigate();
  const count = rows?.length ?? 0;
  useEffect(() => setActive((before) => (before >= count ? -1 : before)), [count]);
  const step = (by: number): void => {
    const next = Math.min(count - 1, Math.max(0, active + by));
    setActive(next);
    const line = table.current?.tBodies[0]?.rows[next];
    line?.scrollIntoView({ block: 'nearest' });
    line?.querySelector<HTMLElement>('a.row-link')?.focus({ preventScroll: true });
  };
  const current = rows?.[active];
  const edit = current && editOf?.(current);
  useShortcuts(
    keys && count > 0
      ? {
          j: () => step(1),
          k: () => step(-1),
          enter: () =>
            current && linkOf && document.activeElement === document.body
              ? void navigate({ to: linkOf(current) })
              : false,
          x: () => (current && selection ? selection.change(toggled(selection.ids, idOf(current))) : false),
          e: () => (edit ? void navigate({ to: edit.to, search: (edit.search ?? {}) as never }) : false),
        }
      : {},
  );
  const own = Object.entries(rowKeys).map(([key, act]) => [
    key,
    // The first press chooses a row; the letter never acts on one that nobody looks at.
    () => (current ? act(current) : step(1)),
  ]);
  useShortcuts(keys && count > 0 ? Object.fromEntries(own) : {}, true);
  return { active, setActive, table };
}
