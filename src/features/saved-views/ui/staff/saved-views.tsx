import { Button, Menu, Switch, TextInput } from '@mantine/core';
import { IconBookmark, IconChevronDown, IconStarFilled } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { listSavedViews, saveView, type zSavedView } from '#features/saved-views/api.ts';
import type { Search, ViewedList } from '#features/saved-views/rules.ts';
import { ManageViews } from '#features/saved-views/ui/staff/manage-views.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

export type SavedView = z.output<typeof zSavedView>;
/** Filters, sort and columns as the address has them. */
type Given = Readonly<Record<string, string | undefined>>;
type Props = {
  list: ViewedList;
  search: Given;
  /** The address opens something of its own besides the list: no view takes its place. */
  stays?: boolean;
};

const said = (search: Given): Search =>
  Object.fromEntries(Object.entries(search).flatMap(([name, value]) => (value ? [[name, value]] : [])));
const keyOf = (search: Given): string =>
  JSON.stringify(Object.entries(said(search)).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Whatever the list shows can be kept under a name and found again; the default one opens it. */
export function SavedViews({ list, search, stays = false }: Props) {
  const navigate = useNavigate();
  const views = useAsk(listSavedViews, { query: { list } });
  const [dialog, setDialog] = useState<'save' | 'manage'>();
  const all = views.data?.data ?? [];
  const current = all.find((view) => keyOf(view.search) === keyOf(search));
  const open = (view: SavedView): void =>
    void navigate({ to: '.', search: { ...view.search }, resetScroll: false });
  useDefault(views.data?.data, search, stays);
  return (
    <>
      <Menu position="bottom-start" width={260}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconBookmark size={16} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {current ? current.name : 'Views'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Group title="Yours" views={all.filter(({ shared }) => !shared)} current={current} onOpen={open} />
          <Group title="Shared" views={all.filter(({ shared }) => shared)} current={current} onOpen={open} />
          {all.length > 0 && <Menu.Divider />}
          <Menu.Item onClick={() => setDialog('save')} disabled={Object.keys(said(search)).length === 0}>
            Save what is shown…
          </Menu.Item>
          {all.length > 0 && <Menu.Item onClick={() => setDialog('manage')}>Rename or delete…</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {dialog === 'save' && (
        <SaveDialog list={list} search={said(search)} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'manage' && (
        <ManageViews views={all} search={said(search)} onClose={() => setDialog(undefined)} />
      )}
    </>
  );
}

/** Opened without a filter, the list shows the default view; what is chosen then counts. */
function useDefault(views: readonly SavedView[] | undefined, search: Given, stays: boolean): void {
  const navigate = useNavigate();
  const decided = useRef(stays || keyOf(search) !== keyOf({}));
  useEffect(() => {
    if (decided.current || !views) return;
    decided.current = true;
    const opens = views.find((view) => view.is_default);
    if (opens) void navigate({ to: '.', search: { ...opens.search }, replace: true });
  }, [views, navigate]);
}

type GroupProps = {
  title: string;
  views: readonly SavedView[];
  current: SavedView | undefined;
  onOpen: (view: SavedView) => void;
};

function Group({ title, views, current, onOpen }: GroupProps) {
  if (views.length === 0) return null;
  return (
    <>
      <Menu.Label>{title}</Menu.Label>
      {views.map((view) => (
        <Menu.Item
          key={view.id}
          aria-current={view.id === current?.id}
          rightSection={view.is_default && <IconStarFilled size={14} aria-label="Default view" />}
          onClick={() => onOpen(view)}
        >
          {view.name}
          {view.problems.length > 0 && <span className="cell-under late">Its filter needs a change</span>}
        </Menu.Item>
      ))}
    </>
  );
}

/** A view whose filter finds nothing any more says so above the list, with the remedy. */
export function ViewProblems({ list, search }: Props) {
  const views = useAsk(listSavedViews, { query: { list } });
  const current = views.data?.data.find((view) => keyOf(view.search) === keyOf(search));
  if (!current || current.problems.length === 0) return null;
  return (
    <p className="note view-problem" data-tone="warn" role="status">
      <span className="strong">{current.name}:</span> {current.problems.join(' ')}
    </p>
  );
}

function SaveDialog({ list, search, onClose }: { list: ViewedList; search: Search; onClose: () => void }) {
  const save = useAct(saveView);
  const form = useFields<{ name: string; shared: boolean; is_default: boolean }>(
    { name: '', shared: false, is_default: false },
    { name: (name) => (name.trim() ? null : 'Give it a name') },
  );
  const submit = form.submit(async (values) => {
    await save.run({ body: { ...values, list, search } });
    onClose();
    tell(`Saved as “${values.name}”`);
  });
  return (
    <FormDialog
      title="Save this view"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Save"
      busy={save.busy}
      error={save.error}
    >
      <TextInput label="Name" data-autofocus maxLength={60} {...form.text('name')} />
      <Switch
        label="For everybody who reads this list"
        checked={form.values.shared}
        onChange={(event) => form.set('shared', event.currentTarget.checked)}
      />
      <Switch
        label="Open the list with it"
        checked={form.values.is_default}
        onChange={(event) => form.set('is_default', event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
