import { type ReactNode, useState } from 'react';
import { startListFile } from '#features/downloads/api.ts';
import type { ListName } from '#features/downloads/list-name-rules.ts';
import { ListFileDialog } from '#features/downloads/ui/staff/list-file-dialog.tsx';
import { tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

/** Filters and order; what is not said is left out. */
export type ListAsked = Readonly<Record<string, string | number | undefined>>;
type Asked = { list: ListName; format: 'csv' | 'xlsx'; search: ListAsked; ids?: readonly string[] };

const said = (search: ListAsked): Record<string, string> =>
  Object.fromEntries(
    Object.entries(search).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, String(value)]],
    ),
  );

/** Asks for the file of a list, and shows how far it is until it is there. */
export function useListFile(): { ask: (asked: Asked) => void; busy: boolean; dialog: ReactNode } {
  const start = useAct(startListFile, { readAgain: false });
  const [made, setMade] = useState<{ id: string; asked: Asked }>();
  const ask = (asked: Asked): void => {
    const { list, format, search, ids } = asked;
    void start
      .run({ body: { list, format, search: said(search), ...(ids ? { ids: [...ids] } : {}) } })
      .then(({ id }) => setMade({ id, asked }))
      .catch(tellProblem);
  };
  const dialog = made ? (
    <ListFileDialog
      key={made.id}
      id={made.id}
      onClose={() => setMade(undefined)}
      onAgain={() => ask(made.asked)}
    />
  ) : null;
  return { ask, busy: start.busy, dialog };
}
