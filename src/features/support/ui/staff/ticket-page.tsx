import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import {
  addToSupportRequest,
  answerHostTicket,
  answerTicket,
  changeHostTicket,
  changeSupportRequest,
  changeTicket,
  getHostTicket,
  getSupportRequest,
  getTicket,
} from '#features/support/api.ts';
import { AnswerBox, type Said } from '#features/support/ui/staff/answer-box.tsx';
import { filesBody } from '#features/support/ui/staff/files-pick.tsx';
import { Thread } from '#features/support/ui/staff/thread.tsx';
import { AskedBy, AssigneeOfDesk, Handling } from '#features/support/ui/staff/ticket-facts.tsx';
import {
  type Place,
  pathOf,
  type Ticket,
  TicketStateMark,
} from '#features/support/ui/staff/ticket-words.tsx';
import { useFrame } from '#ui/frame.tsx';
import { PageHead } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** A customer's question, as the organization's desk works on it. */
export function TicketPage({ id }: { id: string }) {
  const { can } = useFrame();
  const asked = useAsk(getTicket, { params: { id } });
  const answer = useAct(answerTicket);
  const change = useAct(changeTicket);
  const params = { id };
  const send = async ({ files, ...said }: Said): Promise<unknown> => {
    await answer.run({ params, body: { ...said, files: await filesBody(files) } });
    tell(said.note ? 'Note kept' : 'Answer sent');
    return true;
  };
  const mayWork = can('customers:write');
  return (
    <Frame asked={asked} place="desk">
      {(ticket) => ({
        below: mayWork && (
          <AnswerBox ofDesk title="Answer" busy={answer.busy} error={answer.error} onSend={send} />
        ),
        beside: (
          <>
            {mayWork && (
              <Handling
                ticket={ticket}
                busy={change.busy}
                onChange={(body) => void change.run({ params, body }).catch(tellProblem)}
              >
                <AssigneeOfDesk
                  ticket={ticket}
                  onChange={(assignee) =>
                    void change.run({ params, body: { assignee_id: assignee } }).catch(tellProblem)
                  }
                />
              </Handling>
            )}
            <AskedBy ticket={ticket} />
          </>
        ),
      })}
    </Frame>
  );
}

/** A request of an organization's staff, as the host works on it. */
export function HostTicketPage({ id }: { id: string }) {
  const asked = useAsk(getHostTicket, { params: { id } });
  const answer = useAct(answerHostTicket);
  const change = useAct(changeHostTicket);
  const params = { id };
  const send = async ({ files, ...said }: Said): Promise<unknown> => {
    await answer.run({ params, body: { ...said, files: await filesBody(files) } });
    tell(said.note ? 'Note kept' : 'Answer sent');
    return true;
  };
  return (
    <Frame asked={asked} place="host">
      {(ticket) => ({
        below: <AnswerBox ofDesk title="Answer" busy={answer.busy} error={answer.error} onSend={send} />,
        beside: (
          <>
            <Handling
              ticket={ticket}
              busy={change.busy}
              onChange={(body) => void change.run({ params, body }).catch(tellProblem)}
            >
              <p className="fine">Looked after by {ticket.assignee_name ?? 'nobody'}</p>
              <Button
                variant="default"
                size="xs"
                loading={change.busy}
                onClick={() =>
                  void change
                    .run({ params, body: { assigned_to_me: !ticket.assignee_id } })
                    .catch(tellProblem)
                }
              >
                {ticket.assignee_id ? 'Hand it back' : 'Take it'}
              </Button>
            </Handling>
            <AskedBy ticket={ticket} />
          </>
        ),
      })}
    </Frame>
  );
}

/** What one asked the host. */
export function RequestPage({ id }: { id: string }) {
  const asked = useAsk(getSupportRequest, { params: { id } });
  const add = useAct(addToSupportRequest);
  const change = useAct(changeSupportRequest);
  const params = { id };
  const send = async ({ words, files }: Said): Promise<unknown> => {
    await add.run({ params, body: { words, files: await filesBody(files) } });
    tell('Sent');
    return true;
  };
  const isOver = (ticket: Ticket): boolean => ticket.state === 'solved' || ticket.state === 'closed';
  return (
    <Frame asked={asked} place="request">
      {(ticket) => ({
        below: (
          <AnswerBox
            ofDesk={false}
            title={isOver(ticket) ? 'Not solved? Write again' : 'Add something'}
            busy={add.busy}
            error={add.error}
            onSend={send}
          />
        ),
        beside: (
          <>
            {!isOver(ticket) && (
              <Button
                variant="default"
                loading={change.busy}
                onClick={() => void change.run({ params, body: { state: 'solved' } }).catch(tellProblem)}
              >
                It is solved
              </Button>
            )}
            <AskedBy ticket={ticket} />
          </>
        ),
      })}
    </Frame>
  );
}

type Asked = { data: Ticket | undefined; error: Error | null; refetch: () => unknown };
type FrameProps = {
  asked: Asked;
  place: Place;
  children: (ticket: Ticket) => { below: ReactNode; beside: ReactNode };
};
const backs: Record<Place, string> = {
  desk: 'Questions',
  request: 'Your support requests',
  host: 'Support desk',
};

function Frame({ asked, place, children }: FrameProps) {
  const back = { to: pathOf[place], label: backs[place] };
  const ticket = asked.data;
  if (asked.error)
    return (
      <>
        <PageHead title="Question" back={back} />
        <Problem error={asked.error} onRetry={() => void asked.refetch()} />
      </>
    );
  if (!ticket) return <Skeleton height={320} radius="lg" />;
  const { below, beside } = children(ticket);
  return (
    <>
      <PageHead
        title={ticket.subject}
        back={back}
        state={<TicketStateMark state={ticket.state} desk={ticket.desk} />}
        detail={`#${ticket.number}`}
      />
      <div className="columns">
        <div className="stack loose">
          <Thread ticket={ticket} />
          {below}
        </div>
        <div className="stack loose">{beside}</div>
      </div>
    </>
  );
}
