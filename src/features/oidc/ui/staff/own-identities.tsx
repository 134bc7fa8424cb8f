import { Button } from '@mantine/core';
import { useState } from 'react';
import { deleteIdentity, listIdentities } from '#features/oidc/api.ts';
import { ConnectIdentity } from '#features/oidc/ui/staff/connect-identity.tsx';
import { RefusedNote } from '#features/oidc/ui/staff/sign-in-providers.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Props = {
  /** What the way back from the provider says. */
  refused?: string | undefined;
  isConnected?: boolean | undefined;
};

/** One's own accounts at providers: connected, or to be. */
export function OwnIdentities({ refused, isConnected }: Props) {
  const { instant } = useFrame();
  const asked = useAsk(listIdentities);
  const disconnect = useAct(deleteIdentity);
  const [connecting, setConnecting] = useState<{ id: string; label: string }>();
  const leave = (id: string, label: string): void => {
    disconnect
      .run({ params: { id } })
      .then(() => tell(`${label} is disconnected`, 'It opens nothing here any more.'))
      .catch(tellProblem);
  };
  if (!asked.data) return <Problem error={asked.error} onRetry={() => void asked.refetch()} />;
  const { linked, offered } = asked.data;
  return (
    <Sheet title="Your connected sign-ins">
      <div className="stack">
        <RefusedNote code={refused} />
        {isConnected && (
          <p className="note" role="status">
            Connected. You can sign in that way from now on.
          </p>
        )}
        {linked.length + offered.length === 0 && (
          <p className="fine">You sign in with your password. Your organization offers no other way yet.</p>
        )}
        <ul className="stack">
          {linked.map(({ id, label, email, last_used_at: at }) => (
            <li key={id} className="row between">
              <Named
                label={label}
                says={`${email ? `${email} · ` : ''}${at ? `last used ${instant(at)}` : 'not used yet'}`}
              />
              <Button
                size="xs"
                variant="subtle"
                color="brick"
                aria-label={`Disconnect ${label}`}
                loading={disconnect.busy}
                onClick={() => leave(id, label)}
              >
                Disconnect
              </Button>
            </li>
          ))}
          {offered.map(({ id, label }) => (
            <li key={id} className="row between">
              <Named label={label} says="Not connected" />
              <Button
                size="xs"
                variant="default"
                aria-label={`Connect ${label}`}
                onClick={() => setConnecting({ id, label })}
              >
                Connect
              </Button>
            </li>
          ))}
        </ul>
      </div>
      {connecting && <ConnectIdentity {...connecting} onClose={() => setConnecting(undefined)} />}
    </Sheet>
  );
}

const Named = ({ label, says }: { label: string; says: string }) => (
  <span>
    <span className="strong">{label}</span>
    <span className="cell-under break">{says}</span>
  </span>
);
