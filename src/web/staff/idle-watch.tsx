import { Button, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { getSession, stayAwake } from '#features/users/api.ts';
import { call } from '#ui/call.ts';
import { askKey } from '#ui/use-endpoint.ts';

const tell_every_ms = 30_000;
const warn_s = 60;

/**
 * Keys and clicks keep the session awake; before it ends a dialog counts down. The server ends it whatever
 * happens here. What is typed stays on the page until then, and a key or a click anywhere is enough.
 */
export function IdleWatch({ idleMinutes }: { idleMinutes: number }) {
  const client = useQueryClient();
  const awake = useRef({ at: performance.now(), told: performance.now() });
  const [left_s, setLeft] = useState<number>();
  useEffect(() => {
    const tell = (): void => {
      awake.current.told = performance.now();
      void call(stayAwake).catch(() => client.invalidateQueries({ queryKey: askKey(getSession) }));
    };
    const active = (): void => {
      const now = performance.now();
      awake.current.at = now;
      setLeft(undefined);
      if (now - awake.current.told > tell_every_ms) tell();
    };
    const look = (): void => {
      const rest_s = Math.ceil(idleMinutes * 60 - (performance.now() - awake.current.at) / 1000);
      if (rest_s > warn_s) return;
      setLeft(Math.max(0, rest_s));
      // A little later than the server, which then says so itself.
      if (rest_s < -2) void client.invalidateQueries({ queryKey: askKey(getSession) });
    };
    const timer = setInterval(look, 1000);
    for (const kind of ['keydown', 'pointerdown'] as const) window.addEventListener(kind, active, true);
    return () => {
      clearInterval(timer);
      for (const kind of ['keydown', 'pointerdown'] as const) window.removeEventListener(kind, active, true);
    };
  }, [client, idleMinutes]);
  return (
    <Modal
      opened={left_s !== undefined}
      onClose={() => setLeft(undefined)}
      title="Are you still there?"
      withCloseButton={false}
    >
      <div className="stack">
        <p>
          You are signed out in{' '}
          <span className="num strong" role="timer">
            {left_s} {left_s === 1 ? 'second' : 'seconds'}
          </span>
          , for nobody has touched this page for a while.
        </p>
        <div className="dialog-actions">
          <Button data-autofocus onClick={() => setLeft(undefined)}>
            Stay signed in
          </Button>
        </div>
      </div>
    </Modal>
  );
}
