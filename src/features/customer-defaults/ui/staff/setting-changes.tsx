import { Button, Progress } from '@mantine/core';
import type { z } from 'zod';
import {
  listSettingChanges,
  undoSettingChange,
  type zSettingChange,
} from '#features/customer-defaults/api.ts';
import { type SettingName, settingNames } from '#features/customers/setting-rules.ts';
import { settingWords } from '#features/customers/setting-word-rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { State, type Tone } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Change = z.output<typeof zSettingChange>;

const states: Record<Change['state'], { word: string; tone: Tone }> = {
  running: { word: 'Under way', tone: 'accent' },
  done: { word: 'Done', tone: 'good' },
  undoing: { word: 'Being undone', tone: 'accent' },
  undone: { word: 'Undone', tone: 'faint' },
};
const isUnderWay = ({ state }: Change): boolean => state === 'running' || state === 'undoing';

/** What was brought to existing customers, how far it is, and the way back. */
export function SettingChanges({ may }: { may: boolean }) {
  const asked = useAsk(listSettingChanges, { query: { limit: 10 } });
  const busy = asked.data?.data.some(isUnderWay) ?? false;
  // Looked at again while something moves.
  useAsk(listSettingChanges, { query: { limit: 10 } }, { every_ms: busy ? 1000 : false });
  if (asked.error) return <Problem error={asked.error} onRetry={() => void asked.refetch()} />;
  const rows = asked.data?.data ?? [];
  if (rows.length === 0) return null;
  return (
    <Sheet title="Changes of existing customers">
      <div>
        {rows.map((change) => (
          <ChangeLine key={change.id} change={change} may={may} />
        ))}
      </div>
    </Sheet>
  );
}

function ChangeLine({ change, may }: { change: Change; may: boolean }) {
  const { instant, count } = useFrame();
  const undo = useAct(undoSettingChange);
  const { word, tone } = states[change.state];
  const run = (): void =>
    void undo
      .run({ params: { id: change.id } })
      .then(() => tell('Being undone', 'What somebody has changed since stays as it is.'))
      .catch(tellProblem);
  const share = change.total > 0 ? Math.min(100, (change.looked / change.total) * 100) : 100;
  return (
    <div className="hold">
      <div className="row between">
        <span className="strong break">{whatOf(change)}</span>
        <State tone={tone} ring={isUnderWay(change)}>
          {word}
        </State>
      </div>
      {change.state === 'running' && <Progress value={share} aria-label="Progress" />}
      {change.state === 'undoing' && (
        <Progress
          value={change.changed > 0 ? ((change.restored + change.kept) / change.changed) * 100 : 100}
          aria-label="Progress"
        />
      )}
      <p className="fine">
        {change.customer_type ?? 'All customers'} · {count(change.changed, 'customer')} changed
        {change.state === 'undone' && ` · ${change.restored} put back`}
        {change.kept > 0 && ` · ${change.kept} left alone, changed since`} · {change.asked_by ?? 'By a key'},{' '}
        {instant(change.created_at)}
      </p>
      {may && change.state === 'done' && change.changed > 0 && (
        <div>
          <Button size="xs" variant="default" loading={undo.busy} onClick={run}>
            Undo
          </Button>
        </div>
      )}
    </div>
  );
}

const mostNamed = 2;

function whatOf({ settings, new_type: newType, customer_type: type }: Change): string {
  if (newType) return `${type} renamed to ${newType}`;
  const names = settingNames.filter((name) => settings[name] !== undefined);
  const word = (name: SettingName) => `${settingWords(name)} ${settings[name] ? 'on' : 'off'}`;
  if (names.length === settingNames.length) return 'All settings';
  const rest = names.length - mostNamed;
  return [...names.slice(0, mostNamed).map(word), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
