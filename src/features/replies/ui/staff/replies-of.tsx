import { Button } from '@mantine/core';
import { IconCornerUpLeft, IconPaperclip } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { listReplies, type zReply } from '#features/replies/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Reply = z.output<typeof zReply>;

/** What a customer answered, the newest first, each with the mail that it answers folded below. */
export function RepliesOf({ about }: { about: { customer_id: string } | { invoice_id: string } }) {
  const { can } = useFrame();
  const replies = useAsk(listReplies, { query: { ...about, limit: 25 } }, { enabled: can('messages:read') });
  if (replies.error) return <Problem error={replies.error} onRetry={() => void replies.refetch()} />;
  if (!replies.data || replies.data.data.length === 0) return null;
  return (
    <Sheet title="Answers">
      <ul className="replies">
        {replies.data.data.map((reply) => (
          <OneReply key={reply.id} reply={reply} />
        ))}
      </ul>
    </Sheet>
  );
}

function OneReply({ reply }: { reply: Reply }) {
  const { instant } = useFrame();
  return (
    <li>
      <p className="reply-head">
        <strong className="break">{reply.from_name || reply.from_email}</strong>
        {reply.from_name && <span className="fine break">{reply.from_email}</span>}
        <time className="fine num" dateTime={reply.received_at.toISOString()}>
          {instant(reply.received_at)}
        </time>
      </p>
      <p className="reply-text">{reply.text || '(no words)'}</p>
      {reply.attachments.length > 0 && (
        <ul className="row" aria-label="Attachments">
          {reply.attachments.map(({ file_name: name, url, bytes }) => (
            <li key={name}>
              <Button
                component="a"
                href={url}
                target="_blank"
                rel="noopener"
                size="xs"
                variant="default"
                leftSection={<IconPaperclip size={14} aria-hidden />}
              >
                {name} · {Math.max(1, Math.round(bytes / 1024))} kB
              </Button>
            </li>
          ))}
        </ul>
      )}
      {reply.left_out.length > 0 && (
        <p className="fine break">Too large to keep: {reply.left_out.join(', ')}. Ask for it again.</p>
      )}
      {reply.quoted && (
        <details>
          <summary>Show what it answers</summary>
          <p className="reply-text fine">{reply.quoted}</p>
        </details>
      )}
      <p className="fine">
        <IconCornerUpLeft size={13} aria-hidden />{' '}
        <Link to="/messages" search={{ id: reply.message_id }}>
          {reply.answers}
        </Link>
      </p>
    </li>
  );
}
