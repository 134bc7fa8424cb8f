import { Button } from '@mantine/core';
import type { z } from 'zod';
import {
  endOtherSessions,
  endOwnSession,
  listOwnSessions,
  type zOwnSession,
} from '#features/users/profile/api.ts';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type OwnSession = z.output<typeof zOwnSession>;

const how = {
  app: 'with a code',
  provider: 'through a sign-in provider',
  recovery_code: 'with a recovery code',
  passkey: 'with a passkey',
};

function useColumns(onEnd: (session: OwnSession) => void): Column<OwnSession>[] {
  const { instant } = useFrame();
  return [
    {
      key: 'device',
      title: 'Device',
      slot: 'title',
      cell: ({ device, ip, second_factor: factor }) => (
        <>
          <span className="strong">{device}</span>
          <span className="cell-under break">
            {[ip ?? 'Address unknown', factor && how[factor]].filter(Boolean).join(' · ')}
          </span>
        </>
      ),
    },
    {
      key: 'here',
      title: 'Works for',
      slot: 'detail',
      cell: ({ organization_name: name }) => name ?? 'No organization yet',
    },
    {
      key: 'since',
      title: 'Signed in',
      slot: 'wide-only',
      cell: ({ created_at: at }) => <span className="num">{instant(at)}</span>,
    },
    {
      key: 'seen',
      title: 'Last seen',
      slot: 'detail',
      cell: ({ last_seen_at: at }) => (
        <span className="num">
          <span className="narrow-only">Last seen </span>
          {instant(at)}
        </span>
      ),
    },
    {
      key: 'act',
      title: 'Actions',
      hideTitle: true,
      slot: 'amount',
      align: 'end',
      cell: (session) =>
        session.is_current ? (
          <State tone="good">This one</State>
        ) : (
          <Button
            size="xs"
            variant="subtle"
            color="brick"
            aria-label={`Sign out ${session.device}, ${session.ip ?? ''}`}
            onClick={() => onEnd(session)}
          >
            Sign out
          </Button>
        ),
    },
  ];
}

/** Where this person is signed in, and a way to end it. */
export function OwnSessions() {
  const sessions = useAsk(listOwnSessions);
  const one = useAct(endOwnSession);
  const others = useAct(endOtherSessions);
  const run = async (work: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await work();
      tell(done);
    } catch (error) {
      tellProblem(error);
    }
  };
  const columns = useColumns(
    ({ id, device }) => void run(() => one.run({ params: { id } }), `${device} is signed out`),
  );
  const rows = sessions.data?.data;
  return (
    <Sheet
      title="Where you are signed in"
      flush
      aside={
        (rows?.length ?? 0) > 1 && (
          <Button
            size="xs"
            variant="default"
            loading={others.busy}
            onClick={() => void run(() => others.run({}), 'Every other device is signed out')}
          >
            Sign out all others
          </Button>
        )
      }
    >
      <Problem error={sessions.error} onRetry={() => void sessions.refetch()} />
      <DataTable
        label="Where you are signed in"
        columns={columns}
        rows={rows}
        idOf={({ id }) => id}
        keys={false}
        empty={null}
      />
    </Sheet>
  );
}
