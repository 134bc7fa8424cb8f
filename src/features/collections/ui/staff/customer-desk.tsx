import { ActionIcon, Button, Checkbox, Menu } from '@mantine/core';
import { IconClockPause, IconPin, IconPinFilled } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { changeNote, changeTask, listNotes, listTasks } from '#features/collections/api.ts';
import { type Note, outcomeWords, type Task } from '#features/collections/ui/staff/collection-words.ts';
import { NoteDialog } from '#features/collections/ui/staff/note-dialog.tsx';
import { CustomerPromise } from '#features/collections/ui/staff/promise-dialog.tsx';
import { TaskDialog } from '#features/collections/ui/staff/task-dialog.tsx';
import { addDays } from '#lib/dates.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { useShortcuts } from '#ui/shortcuts.ts';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

export type DeskCustomer = { id: string; name: string; phone: string | null };
export type DeskDialog = 'note' | 'promise' | 'task';

/** Opens what a person does about a customer; also by its letter. */
export function DeskDialogs({
  customer,
  dialog,
  onDialog,
}: {
  customer: DeskCustomer;
  dialog: DeskDialog | undefined;
  onDialog: (dialog: DeskDialog | undefined) => void;
}) {
  const close = (): void => onDialog(undefined);
  if (dialog === 'note')
    return <NoteDialog customer={customer} onClose={close} onPromised={() => onDialog('promise')} />;
  if (dialog === 'promise') return <CustomerPromise customer={customer} onClose={close} />;
  return dialog === 'task' ? <TaskDialog customer={customer} onClose={close} /> : null;
}

/** Tasks and notes of one customer. */
export function CustomerDesk({ customer }: { customer: DeskCustomer }) {
  const { can } = useFrame();
  const [dialog, setDialog] = useState<DeskDialog>();
  const tasks = useAsk(listTasks, { params: { id: customer.id }, query: { limit: 50 } });
  const notes = useAsk(listNotes, { params: { id: customer.id }, query: { limit: 50 } });
  const may = can('customers:write');
  useShortcuts(
    may ? { n: () => setDialog('note'), p: () => setDialog('promise'), t: () => setDialog('task') } : {},
    true,
  );
  const add = (which: DeskDialog, words: string) =>
    may && (
      <Button size="xs" variant="default" onClick={() => setDialog(which)}>
        {words}
      </Button>
    );
  return (
    <div className="columns even">
      <Sheet title="Tasks" aside={add('task', 'New task')}>
        <Problem error={tasks.error} onRetry={() => void tasks.refetch()} />
        {tasks.data?.data.length === 0 && <p className="fine">Nothing to do for this customer.</p>}
        <ul className="tasks">
          {tasks.data?.data.map((task) => (
            <TaskLine key={task.id} task={task} may={may} />
          ))}
        </ul>
      </Sheet>
      <Sheet
        title="Notes"
        aside={
          <>
            {add('promise', 'Promise')}
            {add('note', 'Call note')}
          </>
        }
      >
        <Problem error={notes.error} onRetry={() => void notes.refetch()} />
        {notes.data?.data.length === 0 && (
          <p className="fine">No calls yet. What was said is kept here and on the timeline.</p>
        )}
        <ul className="notes">
          {notes.data?.data.map((note) => (
            <NoteLine key={note.id} note={note} may={may} />
          ))}
        </ul>
      </Sheet>
      <DeskDialogs customer={customer} dialog={dialog} onDialog={setDialog} />
    </div>
  );
}

function NoteLine({ note, may }: { note: Note; may: boolean }) {
  const { instant } = useFrame();
  const change = useAct(changeNote);
  const pin = (): void =>
    void change
      .run({ params: { id: note.id }, body: { pinned: !note.pinned } })
      .then(() => tell(note.pinned ? 'Taken down' : 'Pinned to the top of this customer'), tellProblem);
  const Pin = note.pinned ? IconPinFilled : IconPin;
  return (
    <li>
      <div className="row between">
        <p className="strong">{outcomeWords[note.outcome]}</p>
        {may && note.text && (
          <ActionIcon
            variant="subtle"
            aria-label={`Pin: ${note.text.slice(0, 40)}`}
            aria-pressed={note.pinned}
            loading={change.busy}
            onClick={pin}
          >
            <Pin size={16} aria-hidden />
          </ActionIcon>
        )}
      </div>
      {note.text && <p className="break">{note.text}</p>}
      <p className="fine">
        {note.user_name ?? 'By an API key'} · <span className="num">{instant(note.created_at)}</span>
      </p>
    </li>
  );
}

const snoozes = [
  { days: 1, words: 'Until tomorrow' },
  { days: 3, words: 'For three days' },
  { days: 7, words: 'For a week' },
] as const;

function TaskLine({ task, may }: { task: Task; may: boolean }) {
  const { date, today } = useFrame();
  const change = useAct(changeTask);
  const done = task.done_at !== null;
  const run = (body: { done?: boolean; due_on?: string }, words: string): void =>
    void change
      .run({ params: { id: task.id }, body })
      .then(() => tell(words))
      .catch(tellProblem);
  const isLate = !done && task.due_on < today;
  return (
    <li data-done={done}>
      <Checkbox
        aria-label={`Done: ${task.title}`}
        checked={done}
        disabled={!may || change.busy}
        onChange={(event) =>
          run({ done: event.currentTarget.checked }, event.currentTarget.checked ? 'Done' : 'Open again')
        }
      />
      <div className="task-words">
        <p className="task-title break">
          {task.invoice_id ? <Link to={`/invoices/${task.invoice_id}`}>{task.title}</Link> : task.title}
        </p>
        <p className={isLate ? 'fine late' : 'fine'}>
          {done ? 'Done' : `Due ${date(task.due_on)}`}
          {task.assignee_name && ` · ${task.assignee_name}`}
        </p>
      </div>
      {may && !done && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" aria-label={`Put off: ${task.title}`} loading={change.busy}>
              <IconClockPause size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {snoozes.map(({ days, words }) => (
              <Menu.Item
                key={days}
                onClick={() =>
                  run({ due_on: addDays(today, days) }, `Put off to ${date(addDays(today, days))}`)
                }
              >
                {words}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}
