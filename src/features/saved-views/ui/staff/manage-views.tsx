import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconStar, IconStarFilled, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import { changeView, removeView } from '#features/saved-views/api.ts';
import type { Search } from '#features/saved-views/rules.ts';
import type { SavedView } from '#features/saved-views/ui/staff/saved-views.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Changed = z.input<typeof changeView.body>;
type Props = { views: readonly SavedView[]; search: Search; onClose: () => void };

/** Names, what opens the list, what all have, and what goes. */
export const ManageViews = ({ views, search, onClose }: Props) => (
  <FormDialog title="Saved views" opened onClose={onClose} size="lg">
    <ul className="managed-views">
      {views.map((view) => (
        <ViewLine key={view.id} view={view} search={search} />
      ))}
    </ul>
  </FormDialog>
);

function ViewLine({ view, search }: { view: SavedView; search: Search }) {
  const { can } = useFrame();
  const change = useAct(changeView);
  const remove = useAct(removeView);
  const [name, setName] = useState(view.name);
  const may = view.own || can('settings:write');
  const put = (body: Changed, words: string): void =>
    void change
      .run({ params: { id: view.id }, body })
      .then(() => tell(words))
      // What went wrong stands below the line.
      .catch(() => undefined);
  const rename = (): void => {
    if (name.trim() && name.trim() !== view.name) put({ name: name.trim() }, 'Renamed');
  };
  const Star = view.is_default ? IconStarFilled : IconStar;
  return (
    <li>
      <div className="row wrap">
        <TextInput
          aria-label={`Name of ${view.name}`}
          className="grow"
          maxLength={60}
          disabled={!may}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onBlur={rename}
        />
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={`Open the list with ${view.name}`}
          aria-pressed={view.is_default}
          onClick={() =>
            put(
              { is_default: !view.is_default },
              view.is_default ? 'No longer the default view' : 'Default view',
            )
          }
        >
          <Star size={16} aria-hidden />
        </ActionIcon>
        {may && (
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={`Delete ${view.name}`}
            loading={remove.busy}
            onClick={() => void remove.run({ params: { id: view.id } }).catch(() => undefined)}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        )}
      </div>
      <p className="fine">
        {view.shared ? `Shared${view.made_by ? `, by ${view.made_by}` : ''}` : 'Yours alone'}
        {view.problems.length > 0 && <span className="late"> · {view.problems.join(' ')}</span>}
      </p>
      {may && <ViewButtons view={view} search={search} onPut={put} />}
      <Problem error={change.error ?? remove.error} />
    </li>
  );
}

type ButtonProps = { view: SavedView; search: Search; onPut: (body: Changed, words: string) => void };

const ViewButtons = ({ view, search, onPut }: ButtonProps) => (
  <div className="row wrap">
    <Button
      size="compact-xs"
      variant="default"
      disabled={Object.keys(search).length === 0}
      onClick={() => onPut({ search }, 'It shows this from now on')}
    >
      Replace by what is shown
    </Button>
    <Button
      size="compact-xs"
      variant="default"
      onClick={() => onPut({ shared: !view.shared }, view.shared ? 'Yours alone' : 'Everybody has it')}
    >
      {view.shared ? 'Stop sharing' : 'Share with everybody'}
    </Button>
  </div>
);
