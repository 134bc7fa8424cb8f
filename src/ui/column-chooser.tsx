import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconColumns3 } from '@tabler/icons-react';
import { columnsSaid, columnsShown, type ListColumns } from '#lib/list-columns.ts';
import type { Column } from '#ui/data-table.tsx';

type Props<Row> = {
  list: ListColumns;
  columns: readonly Column<Row>[];
  /** As the address has them; undefined: the usual ones. */
  said: string | undefined;
  onChange: (said: string | undefined) => void;
};

/** Which columns a list shows. It stays open while one ticks them; arrow keys and space do it as well. */
export function ColumnChooser<Row>({ list, columns, said, onChange }: Props<Row>) {
  const shown = columnsShown(said, list);
  const toggle = (key: string): void => {
    const next = new Set(shown);
    if (!next.delete(key)) next.add(key);
    onChange(columnsSaid(next, list));
  };
  return (
    <Menu position="bottom-start" width={220}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconColumns3 size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {columns
          .filter(({ key }) => key !== list.always)
          .map(({ key, title }) => (
            <Menu.CheckboxItem key={key} checked={shown.has(key)} onChange={() => toggle(key)}>
              {title}
            </Menu.CheckboxItem>
          ))}
        <Menu.Divider />
        <Menu.Item disabled={said === undefined} onClick={() => onChange(undefined)}>
          The usual ones
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The chosen columns. On a phone, where most are left out, those that were chosen are told by name. */
export function chosenColumns<Row>(
  columns: readonly Column<Row>[],
  said: string | undefined,
  list: ListColumns,
): Column<Row>[] {
  const shown = columnsShown(said, list);
  return columns
    .filter(({ key }) => shown.has(key))
    .map((column) => (said && column.slot === 'wide-only' ? told(column) : column));
}

const told = <Row,>(column: Column<Row>): Column<Row> => ({
  ...column,
  slot: 'detail',
  cell: (row) => (
    <>
      <span className="narrow-only">{column.title} </span>
      <span className="chosen-cell">{column.cell(row)}</span>
    </>
  ),
});
