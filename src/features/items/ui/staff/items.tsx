import { Button, Menu } from '@mantine/core';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { listItems, updateItem } from '#features/items/api.ts';
import { type Item, ItemDialog } from '#features/items/ui/staff/item-dialog.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { Chips, ListSearch } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty } from '#ui/page.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

const views = [
  { value: 'active', label: 'In use' },
  { value: 'inactive', label: 'Not in use' },
  { value: 'all', label: 'All' },
] as const;

/** What the organization sells: the list, with its search, and each one's dialog. */
export function Items() {
  const { can } = useFrame();
  const trail = useTrail();
  const [q, setQ] = useState('');
  const [status, setStatus] = useState<'active' | 'inactive' | 'all'>('active');
  const [open, setOpen] = useState<Item | 'new'>();
  const items = useAsk(
    listItems,
    { query: { q: q || undefined, status, starting_after: trail.after } },
    { keep: true },
  );
  return (
    <>
      <div className="toolbar">
        <ListSearch label="Search items" placeholder="Begins with …" value={q} onChange={setQ} />
        <Chips label="Which items" value={status} options={views} onChange={setStatus} />
        <ExportList list="items" search={{ q, status }} />
        {can('imports:write') && (
          <ButtonLink to="/imports/new" search={{ kind: 'items' }} variant="default">
            Import
          </ButtonLink>
        )}
        {can('invoices:write') && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen('new')}>
            Add item
          </Button>
        )}
      </div>
      <Listing asked={items} trail={trail} noun="item">
        <ItemTable rows={items.data?.data} onOpen={setOpen} />
      </Listing>
      {open && <ItemDialog item={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function ItemTable({ rows, onOpen }: { rows: Item[] | undefined; onOpen: (item: Item) => void }) {
  const { currency, locale } = useFrame();
  const price = new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 8 });
  return (
    <DataTable
      label="Items"
      rows={rows}
      idOf={(item) => item.id}
      nameOf={(item) => item.name}
      toneOf={(item) => (item.active ? undefined : 'faint')}
      empty={
        <Empty title="No items here">
          An item is what you sell: its name, price and tax. Invoices then need not say it anew.
        </Empty>
      }
      columns={[
        {
          key: 'name',
          title: 'Name',
          slot: 'title',
          cell: (item) => (
            <>
              <span className="strong">{item.name}</span>
              {item.description && <span className="cell-under">{item.description}</span>}
            </>
          ),
        },
        {
          key: 'price',
          title: 'Price of one',
          slot: 'amount',
          align: 'end',
          cell: (item) => price.format(item.unit_price as `${number}`),
        },
        {
          key: 'state',
          title: 'State',
          slot: 'state',
          cell: (item) =>
            item.active ? (
              <State tone="good">{item.taxable ? 'In use, taxable' : 'In use'}</State>
            ) : (
              <State tone="faint">Not in use</State>
            ),
        },
        {
          key: 'actions',
          title: 'Actions',
          hideTitle: true,
          slot: 'detail',
          align: 'end',
          cell: (item) => <ItemActions item={item} onOpen={onOpen} />,
        },
      ]}
    />
  );
}

function ItemActions({ item, onOpen }: { item: Item; onOpen: (item: Item) => void }) {
  const { can } = useFrame();
  const act = useAct(updateItem);
  if (!can('invoices:write')) return null;
  const turn = async (): Promise<void> => {
    try {
      const { name, active } = await act.run({ params: { id: item.id }, body: { active: !item.active } });
      tell(active ? `${name} is in use again` : `${name} is not offered any more`);
    } catch (error) {
      tellProblem(error);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" size="xs" px={8} aria-label={`Actions for ${item.name}`}>
          <IconDots size={16} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onOpen(item)}>Edit…</Menu.Item>
        <Menu.Item onClick={() => void turn()}>{item.active ? 'Deactivate' : 'Use again'}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
