import { Select, Switch } from '@mantine/core';
import { getSignInPolicy, updateSignInPolicy } from '#features/users/second-factor/api.ts';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

const rests: readonly (readonly [number, string])[] = [
  [5, '5 minutes'],
  [15, '15 minutes'],
  [30, '30 minutes'],
  [60, '1 hour'],
  [240, '4 hours'],
  [720, '12 hours'],
];

/** What everybody who works here is asked for at the door, and when the door closes by itself. */
export function SignInPolicy() {
  const policy = useAsk(getSignInPolicy);
  const update = useAct(updateSignInPolicy);
  const change = async (body: { require_second_factor?: boolean; idle_minutes?: number }): Promise<void> => {
    try {
      await update.run({ body });
      tell('Saved');
    } catch (error) {
      tellProblem(error);
    }
  };
  const { data } = policy;
  if (!data) return <Problem error={policy.error} onRetry={() => void policy.refetch()} />;
  const { idle_minutes: minutes, without_second_factor: without, people } = data;
  const known = rests.some(([each]) => each === minutes)
    ? rests
    : [...rests, [minutes, `${minutes} minutes`] as const];
  return (
    <Sheet title="Signing in">
      <div className="stack">
        <Switch
          label="Ask everybody for a second factor"
          description={
            without === 0
              ? 'Everybody here has an authenticator app or a passkey.'
              : `Without one so far: ${without} of ${people}. They set one up with their next click.`
          }
          checked={data.require_second_factor}
          disabled={update.busy}
          onChange={(event) => void change({ require_second_factor: event.currentTarget.checked })}
        />
        <Select
          label="Signed out after"
          description="Without a key or a click. Card data is best looked after with 15 minutes at most."
          w={220}
          allowDeselect={false}
          data={known.map(([value, label]) => ({ value: String(value), label }))}
          value={String(minutes)}
          onChange={(value) => value && void change({ idle_minutes: Number(value) })}
        />
      </div>
    </Sheet>
  );
}
