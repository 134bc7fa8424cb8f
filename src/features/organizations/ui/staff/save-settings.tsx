import { Button } from '@mantine/core';
import { updateOrganization } from '#features/organizations/api.ts';
import type { CallInput } from '#ui/call.ts';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import type { Act } from '#ui/use-endpoint.ts';
import { useAct } from '#ui/use-endpoint.ts';

type Body = NonNullable<CallInput<typeof updateOrganization>['body']>;

export type Save = { act: Act<typeof updateOrganization>; save: (body: Body) => Promise<void> };

export function useSave(): Save {
  const act = useAct(updateOrganization);
  return {
    act,
    save: async (body) => {
      await act.run({ body });
      tell('Saved');
    },
  };
}

/** Empty text means that the setting is not set. */
export const orNull = (text: string): string | null => text.trim() || null;

/** The foot of each settings form; whoever may not change settings sees why. */
export function SaveBar({ act }: { act: Save['act'] }) {
  const { can } = useFrame();
  if (!can('settings:write'))
    return <p className="fine">Your role may read these settings, not change them.</p>;
  return (
    <>
      <Problem error={act.error} />
      <div className="dialog-actions">
        <Button type="submit" loading={act.busy}>
          Save
        </Button>
      </div>
    </>
  );
}
