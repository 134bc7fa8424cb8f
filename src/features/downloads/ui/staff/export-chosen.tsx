import { Button, Menu } from '@mantine/core';
import { IconChevronUp } from '@tabler/icons-react';
import { type ListName, wordOf } from '#features/downloads/list-name-rules.ts';
import { type ListAsked, useListFile } from '#features/downloads/ui/staff/use-list-file.tsx';

type Props = { list: ListName; search: ListAsked; ids: readonly string[] };

/** The ticked rows alone as a file; in the bar at the foot, so its menu opens upwards. */
export function ExportChosen({ list, search, ids }: Props) {
  const { ask, busy, dialog } = useListFile();
  return (
    <>
      <Menu position="top-end">
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            loading={busy}
            rightSection={<IconChevronUp size={14} aria-hidden />}
            aria-label={`Export selected ${wordOf(list)}`}
          >
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => ask({ list, format: 'csv', search, ids })}>CSV</Menu.Item>
          <Menu.Item onClick={() => ask({ list, format: 'xlsx', search, ids })}>Spreadsheet (XLSX)</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog}
    </>
  );
}
