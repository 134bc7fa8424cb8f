import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { KeyboardEvent } from 'react';
import { useState } from 'react';
import { listItems } from '#features/items/api.ts';
import { type Item, ItemDialog } from '#features/items/ui/staff/item-dialog.tsx';
import { call } from '#ui/call.ts';
import { useFrame } from '#ui/frame.tsx';
import { fitting, useSteady } from '#ui/use-steady.ts';

export type ItemFieldProps = {
  label: string;
  name: string;
  value: string;
  error: string | undefined;
  onText: (text: string) => void;
  onItem: (item: Item) => void;
  onKeyDown: (event: KeyboardEvent) => void;
};

const addWord = '+ Add new item';

/** What a line is for: free text, an item, or a new item that is added without leaving the invoice. */
export function ItemField({ label, name, value, error, onText, onItem, onKeyDown }: ItemFieldProps) {
  const { can } = useFrame();
  const [adding, setAdding] = useState<string>();
  const [letters] = useDebouncedValue(value.trim(), 180);
  const found = useQuery({
    queryKey: ['pick', 'items', letters],
    queryFn: () => call(listItems, { query: { q: letters || undefined, limit: 20 } }),
    placeholderData: (before) => before,
  });
  const isLate = value.trim() !== letters || found.isPlaceholderData;
  const fits = (found.data?.data ?? []).filter((item) => !isLate || fitting(item.name, value));
  const { shown: items, onKeyDown: hold } = useSteady(fits, value);
  const names = [...items.map((item) => item.name), ...(can('invoices:write') ? [addWord] : [])];
  const choose = (chosen: string): void => {
    const item = items.find((each) => each.name === chosen);
    if (item) onItem(item);
    else if (chosen === addWord) setAdding(value.trim());
  };
  return (
    <>
      <Autocomplete
        aria-label={label}
        name={name}
        placeholder="Item"
        value={value}
        error={error}
        data={names}
        filter={({ options }) => options}
        limit={21}
        onChange={(text) => text !== addWord && onText(text)}
        onOptionSubmit={choose}
        onKeyDown={(event) => {
          hold(event);
          onKeyDown(event);
        }}
      />
      {adding !== undefined && (
        <ItemDialog name={adding} onSaved={onItem} onClose={() => setAdding(undefined)} />
      )}
    </>
  );
}
