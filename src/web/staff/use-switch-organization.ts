import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { switchOrganization } from '#features/users/api.ts';
import { tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

/** Work in another organization, without a sign-in. */
export function useSwitchOrganization(): { switchTo: (id: string) => Promise<void>; busy: boolean } {
  const change = useAct(switchOrganization);
  const client = useQueryClient();
  const navigate = useNavigate();
  const switchTo = async (id: string): Promise<void> => {
    try {
      await change.run({ body: { organization_id: id } });
      await navigate({ to: '/' });
      // Nothing of the one before may stay on screen, this page included.
      await client.resetQueries();
    } catch (error) {
      tellProblem(error);
    }
  };
  return { switchTo, busy: change.busy };
}
