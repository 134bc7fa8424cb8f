import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { signOut } from '#features/users/api.ts';
import { call } from '#ui/call.ts';
import { tellProblem } from '#ui/problem.tsx';

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await call(signOut);
      await navigate({ to: '/sign-in' });
      client.clear();
    } catch (error) {
      tellProblem(error);
    }
  };
}
