import { Button, Menu } from '@mantine/core';
import { IconChevronUp } from '@tabler/icons-react';
import { useState } from 'react';
import {
  type BulkAction,
  customerActions,
  invoiceActions,
  type Subject,
  scopeOf,
} from '#features/bulk-actions/rules.ts';
import { BulkDialog } from '#features/bulk-actions/ui/staff/bulk-dialog.tsx';
import { type BulkAsk, bulkWords, nounOf } from '#features/bulk-actions/ui/staff/bulk-words.ts';
import { type ListAsked, useListFile } from '#features/downloads/ui/staff/use-list-file.tsx';
import { useFrame } from '#ui/frame.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';

type Props = {
  subject: Subject;
  ids: readonly string[];
  /** The filter of the list, where every row of the page is chosen and there are more pages. */
  allBy?: Omit<BulkAsk, 'action'> | undefined;
  /** The filter and the order of the list, for a file of what is chosen. */
  asked?: ListAsked;
  onClear: () => void;
};

const inSight: Record<Subject, BulkAction[]> = {
  invoices: ['send', 'remind'],
  customers: ['send_statement', 'invite'],
};

/** What can be done with the chosen rows, or with all that the filter finds. */
export function BulkBar({ subject, ids, allBy, asked, onClear }: Props) {
  const { can } = useFrame();
  const [all, setAll] = useState(false);
  const [action, setAction] = useState<BulkAction>();
  const isAll = all && allBy !== undefined;
  const noun = nounOf(subject);
  const chosen =
    isAll && allBy ? allBy : subject === 'invoices' ? { invoice_ids: [...ids] } : { customer_ids: [...ids] };
  const may = [...(subject === 'invoices' ? invoiceActions : customerActions)].filter((each) =>
    can(scopeOf(each)),
  );
  const first = may.filter((each) => inSight[subject].includes(each));
  const rest = may.filter((each) => !first.includes(each));
  const file = useListFile();
  const takeAlong = (format: 'csv' | 'xlsx'): void => {
    // Ticks outlive a change of the filter: each is in the file, whatever the list shows by now.
    const chosenRows = { search: { status: 'all', sort: asked?.sort }, ids };
    file.ask({ list: subject, format, ...(isAll ? { search: asked ?? {} } : chosenRows) });
  };
  const clear = (): void => {
    setAll(false);
    onClear();
  };
  return (
    <>
      <SelectionBar
        count={ids.length}
        noun={noun}
        words={isAll ? `All ${subject} that match are selected` : undefined}
        onClear={clear}
      >
        {allBy && !isAll && (
          <Button size="xs" variant="subtle" onClick={() => setAll(true)}>
            Select all that match
          </Button>
        )}
        {first.map((each) => (
          <Button key={each} size="xs" onClick={() => setAction(each)}>
            {bulkWords[each].title}
          </Button>
        ))}
        <More actions={rest} onAction={setAction} onFile={takeAlong} />
      </SelectionBar>
      {file.dialog}
      {action && (
        <BulkDialog
          ask={{ ...chosen, action }}
          onClose={() => setAction(undefined)}
          onDone={() => {
            setAction(undefined);
            clear();
          }}
        />
      )}
    </>
  );
}

type MoreProps = {
  actions: readonly BulkAction[];
  onAction: (action: BulkAction) => void;
  onFile: (format: 'csv' | 'xlsx') => void;
};

const More = ({ actions, onAction, onFile }: MoreProps) => (
  <Menu position="top-end" width={220}>
    <Menu.Target>
      <Button size="xs" variant="default" rightSection={<IconChevronUp size={14} aria-hidden />}>
        More
      </Button>
    </Menu.Target>
    <Menu.Dropdown>
      {actions.map((each) => (
        <Menu.Item key={each} onClick={() => onAction(each)}>
          {bulkWords[each].title}
        </Menu.Item>
      ))}
      {actions.length > 0 && <Menu.Divider />}
      <Menu.Item onClick={() => onFile('csv')}>Export as CSV</Menu.Item>
      <Menu.Item onClick={() => onFile('xlsx')}>Export as a spreadsheet</Menu.Item>
    </Menu.Dropdown>
  </Menu>
);
