import { Button, Checkbox, Textarea } from '@mantine/core';
import { useState } from 'react';
import { FilesPick } from '#features/support/ui/staff/files-pick.tsx';
import { Chips } from '#ui/filters.tsx';
import { Sheet } from '#ui/page.tsx';
import { fieldsOf, Problem } from '#ui/problem.tsx';

export type Said = { words: string; note: boolean; solve: boolean; files: File[] };
type Props = {
  /** Whether one answers for the desk, who may note and solve; an asker only writes. */
  ofDesk: boolean;
  title: string;
  busy: boolean;
  error: Error | null;
  onSend: (said: Said) => Promise<unknown>;
};

/** Words to the other side, or a note that only the desk sees. */
export function AnswerBox({ ofDesk, title, busy, error, onSend }: Props) {
  const empty: Said = { words: '', note: false, solve: false, files: [] };
  const [said, setSaid] = useState(empty);
  const set = (change: Partial<Said>): void => setSaid((before) => ({ ...before, ...change }));
  const faults = fieldsOf(error);
  const send = async (): Promise<void> => {
    if (await onSend(said).catch(() => undefined)) setSaid(empty);
  };
  return (
    <Sheet title={title}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {ofDesk && (
          <Chips
            label="What it is"
            value={said.note ? 'note' : 'answer'}
            options={[
              { value: 'answer', label: 'Answer' },
              { value: 'note', label: 'Note for the desk' },
            ]}
            onChange={(kind) => set({ note: kind === 'note' })}
          />
        )}
        <Textarea
          label={said.note ? 'Note' : 'Your words'}
          description={said.note ? 'Whoever asked never sees it.' : undefined}
          name="words"
          autosize
          minRows={4}
          maxRows={20}
          maxLength={20_000}
          value={said.words}
          error={faults.words}
          onChange={(event) => set({ words: event.currentTarget.value })}
        />
        <FilesPick files={said.files} onChange={(files) => set({ files })} error={faults.files} />
        {ofDesk && !said.note && (
          <Checkbox
            label="With this it is solved"
            checked={said.solve}
            onChange={(event) => set({ solve: event.currentTarget.checked })}
          />
        )}
        <Problem error={error} />
        <div>
          <Button type="submit" loading={busy} disabled={!said.words.trim()}>
            {said.note ? 'Keep the note' : 'Send'}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
