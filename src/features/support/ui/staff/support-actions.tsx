import { getSession } from '#features/users/api.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** From the guide to people: ask the host, see what was asked, and the host's own desk. */
export function SupportActions() {
  const me = useAsk(getSession);
  return (
    <>
      {me.data?.user.operator && (
        <ButtonLink to="/help/desk" variant="default">
          Support desk
        </ButtonLink>
      )}
      <ButtonLink to="/help/requests" variant="default">
        Your requests
      </ButtonLink>
      <ButtonLink to="/help/requests/new">Ask support</ButtonLink>
    </>
  );
}
