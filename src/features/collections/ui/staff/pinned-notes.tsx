import { ActionIcon } from '@mantine/core';
import { IconChevronUp, IconPinFilled, IconPinnedOff } from '@tabler/icons-react';
import { changeNote, listNotes } from '#features/collections/api.ts';
import { mostPinned } from '#features/collections/pin-rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** What everybody should know before they call this customer or take its money. */
export function PinnedNotes({ customerId, still = false }: { customerId: string; still?: boolean }) {
  const { can, instant } = useFrame();
  const notes = useAsk(listNotes, {
    params: { id: customerId },
    query: { pinned: 'true', limit: mostPinned },
  });
  const change = useAct(changeNote);
  const rows = notes.data?.data ?? [];
  if (rows.length === 0) return null;
  const may = can('customers:write') && !still;
  const put = (id: string, body: { pinned: boolean } | { place: number }, words: string): void =>
    void change.run({ params: { id }, body }).then(() => tell(words), tellProblem);
  return (
    <ul className="pinned-notes" aria-label="Pinned notes">
      {rows.map((note, at) => (
        <li key={note.id}>
          <IconPinFilled size={16} aria-hidden />
          <div>
            <p className="break">{note.text}</p>
            <p className="fine">
              {note.user_name ?? 'By an API key'} · <span className="num">{instant(note.created_at)}</span>
            </p>
          </div>
          {may && at > 0 && (
            <ActionIcon
              variant="subtle"
              aria-label={`Move up: ${note.text.slice(0, 40)}`}
              onClick={() => put(note.id, { place: at }, 'Moved up')}
            >
              <IconChevronUp size={16} aria-hidden />
            </ActionIcon>
          )}
          {may && (
            <ActionIcon
              variant="subtle"
              aria-label={`Unpin: ${note.text.slice(0, 40)}`}
              onClick={() => put(note.id, { pinned: false }, 'Taken down')}
            >
              <IconPinnedOff size={16} aria-hidden />
            </ActionIcon>
          )}
        </li>
      ))}
    </ul>
  );
}
