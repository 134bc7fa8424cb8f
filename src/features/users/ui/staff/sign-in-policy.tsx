import { Switch } from '@mantine/core';
import { getSignInPolicy, updateSignInPolicy } from '#features/users/second-factor/api.ts';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** What everybody who works here is asked for at the door. */
export function SignInPolicy() {
  const policy = useAsk(getSignInPolicy);
  const update = useAct(updateSignInPolicy);
  const change = async (body: { require_second_factor: boolean }): Promise<void> => {
    try {
      await update.run({ body });
      tell('Saved');
    } catch (error) {
      tellProblem(error);
    }
  };
  const { data } = policy;
  if (!data) return <Problem error={policy.error} onRetry={() => void policy.refetch()} />;
  const { without_second_factor: without, people } = data;
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
      </div>
    </Sheet>
  );
}
