import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

/** A list as a file, with its filters: written as it is read, so it is as long as it needs to be. */
export function ExportLinks({ csv, xlsx }: { csv: string; xlsx: string }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={csv} download>
          CSV
        </Menu.Item>
        <Menu.Item component="a" href={xlsx} download>
          Spreadsheet (XLSX)
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
