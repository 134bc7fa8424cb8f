import { Button } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { sizeOf, type Ticket, type TicketPost } from '#features/support/ui/staff/ticket-words.tsx';
import { useFrame } from '#ui/frame.tsx';

/** What was said on a ticket and what became of it, in one line of time. */
export function Thread({ ticket }: { ticket: Ticket }) {
  return (
    <ol className="thread" aria-label="What was said">
      {ticket.posts?.map((post) =>
        post.kind === 'change' ? (
          <Change key={post.id} post={post} />
        ) : (
          <Said key={post.id} post={post} asker={ticket.asker} />
        ),
      )}
    </ol>
  );
}

function Change({ post }: { post: TicketPost }) {
  const { instant } = useFrame();
  return (
    <li className="thread-change fine">
      <span>
        {post.words} · {post.author_name}
      </span>
      <time className="num" dateTime={post.created_at.toISOString()}>
        {instant(post.created_at)}
      </time>
    </li>
  );
}

const wayWords: Record<TicketPost['way'], string> = {
  console: '',
  portal: 'in the portal',
  link: 'on the web, not signed in',
  mail: 'by mail',
  system: '',
};

function Said({ post, asker }: { post: TicketPost; asker: Ticket['asker'] }) {
  const { instant } = useFrame();
  const from = post.author_email?.toLowerCase();
  const isStranger = post.side === 'asker' && from !== undefined && from !== asker.email.toLowerCase();
  return (
    <li className="thread-said" data-kind={post.kind} data-side={post.side}>
      <p className="reply-head">
        <strong className="break">{post.author_name}</strong>
        {post.kind === 'note' && <span className="thread-note">Note for the desk</span>}
        {post.side === 'asker' && wayWords[post.way] && <span className="fine">{wayWords[post.way]}</span>}
        <time className="fine num" dateTime={post.created_at.toISOString()}>
          {instant(post.created_at)}
        </time>
      </p>
      {isStranger && (
        <p className="note" data-tone="warn">
          This came from {post.author_email}, not from {asker.email}. Answers go to {asker.email}.
        </p>
      )}
      <p className="reply-text">{post.words}</p>
      {post.files.length > 0 && (
        <ul className="row" aria-label="Files">
          {post.files.map(({ id, file_name: name, url, size_bytes: bytes }) => (
            <li key={id}>
              <Button
                component="a"
                href={url}
                download
                size="xs"
                variant="default"
                leftSection={<IconPaperclip size={14} aria-hidden />}
              >
                {name} · {sizeOf(bytes)}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {post.left_out.length > 0 && (
        <p className="fine break">Could not be kept: {post.left_out.join(', ')}. Ask for it again.</p>
      )}
      {post.quoted && (
        <details>
          <summary>Show what it answers</summary>
          <p className="reply-text fine">{post.quoted}</p>
        </details>
      )}
    </li>
  );
}
