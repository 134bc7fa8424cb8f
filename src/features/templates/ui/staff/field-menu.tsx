import { Button, Menu } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';

export type MergeField = { name: string; words: string };

const groups: Record<string, string> = {
  customer: 'Customer',
  organization: 'Your company',
  invoice: 'Invoice',
  statement: 'Statement',
  late_fee: 'Late fee',
  portal: 'Portal',
};

/** What the words may name: choosing one puts it where the cursor is. */
export function FieldMenu({
  fields,
  onChoose,
}: {
  fields: readonly MergeField[];
  onChoose: (name: string) => void;
}) {
  const byGroup = Object.entries(Object.groupBy(fields, ({ name }) => name.split('.')[0] ?? ''));
  return (
    <Menu position="bottom-end" width={300} returnFocus={false}>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconBraces size={14} aria-hidden />}>
          Insert a field
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="field-menu">
        {byGroup.map(([group, list]) => (
          <div key={group}>
            <Menu.Label>{groups[group] ?? group}</Menu.Label>
            {list?.map(({ name, words }) => (
              <Menu.Item key={name} onClick={() => onChoose(name)}>
                {words}
                <span className="cell-under">{`{{${name}}}`}</span>
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
