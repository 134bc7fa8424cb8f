import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ListName, wordOf } from '#features/downloads/list-name-rules.ts';
import { type ListAsked, useListFile } from '#features/downloads/ui/staff/use-list-file.tsx';

type Props = {
  list: ListName;
  /** What the list is asked for, as its address has it. */
  search?: ListAsked;
  /** Another file that belongs to the list: the lines of its invoices. */
  parts?: { list: ListName; word: string; search: ListAsked };
  /** Inside a sheet, where the head of the page is another's. */
  small?: boolean;
};

/** A list as a file: its filter, its order, and every page of it. */
export function ExportList({ list, search = {}, parts, small = false }: Props) {
  const { ask, busy, dialog } = useListFile();
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="default"
            size={small ? 'xs' : 'sm'}
            loading={busy}
            leftSection={<IconDownload size={16} aria-hidden />}
            aria-label={`Export ${wordOf(list)}`}
          >
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => ask({ list, format: 'csv', search })}>CSV</Menu.Item>
          <Menu.Item onClick={() => ask({ list, format: 'xlsx', search })}>Spreadsheet (XLSX)</Menu.Item>
          {parts && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => ask({ list: parts.list, format: 'csv', search: parts.search })}>
                {parts.word}, CSV
              </Menu.Item>
              <Menu.Item onClick={() => ask({ list: parts.list, format: 'xlsx', search: parts.search })}>
                {parts.word}, spreadsheet (XLSX)
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog}
    </>
  );
}
