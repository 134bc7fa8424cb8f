import { ActionIcon, Button, Skeleton, Tabs } from '@mantine/core';
import { IconArrowLeft, IconPaperclip } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { getMessage, retryMessage } from '#features/correspondence/api.ts';
import type { Message } from '#features/correspondence/ui/staff/message-words.tsx';
import { kindOf, MessageState } from '#features/correspondence/ui/staff/message-words.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** One mail as it was sent: who, what about, the letter itself and its plain-text twin. */
export function MessagePane({ id, onBack }: { id: string; onBack?: () => void }) {
  const message = useAsk(getMessage, { params: { id } });
  if (message.error)
    return (
      <div className="mail-pane">
        <Problem error={message.error} onRetry={() => void message.refetch()} />
      </div>
    );
  if (!message.data)
    return (
      <div className="mail-pane" aria-busy="true">
        <Skeleton height={24} width="60%" mb="md" />
        <Skeleton height={420} />
      </div>
    );
  const { data } = message;
  return (
    <article className="mail-pane" aria-label={data.subject}>
      <header className="mail-head">
        {onBack && (
          <ActionIcon className="mail-back" size={36} aria-label="Back to the list" onClick={onBack}>
            <IconArrowLeft size={18} />
          </ActionIcon>
        )}
        <h2>{data.subject}</h2>
        <MessageState message={data} />
      </header>
      <Envelope message={data} />
      <Failure message={data} />
      <Attachments message={data} />
      <Tabs defaultValue="letter" keepMounted={false}>
        <Tabs.List aria-label="Form of the message">
          <Tabs.Tab value="letter">Letter</Tabs.Tab>
          <Tabs.Tab value="text">Plain text</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="letter">
          {/* No scripts and no origin in there; its links open in a window of their own. */}
          <iframe
            className="mail-letter"
            title={`Message: ${data.subject}`}
            srcDoc={withNewWindows(data.html)}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
          />
        </Tabs.Panel>
        <Tabs.Panel value="text">
          <pre className="mail-text">{data.text}</pre>
        </Tabs.Panel>
      </Tabs>
    </article>
  );
}

/** Links of a framed mail must not load inside the frame. */
function withNewWindows(html: string): string {
  const tag = '<base target="_blank">';
  return /<head[^>]*>/i.test(html)
    ? html.replace(/<head[^>]*>/i, (head) => `${head}${tag}`)
    : `${tag}${html}`;
}

function Envelope({ message }: { message: Message }) {
  const { instant } = useFrame();
  const rows: [string, string | null][] = [
    ['From', message.from],
    ['To', message.to.join(', ')],
    ['Copies', message.cc.join(', ') || null],
    ['Reply to', message.reply_to],
    ['Written', instant(message.created_at)],
    ['Sent', message.sent_at && instant(message.sent_at)],
  ];
  return (
    <>
      <dl className="envelope">
        {rows
          .filter(([, value]) => value)
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="break">{value}</dd>
            </div>
          ))}
      </dl>
      <p className="row fine">
        {kindOf(message.kind)}
        {message.invoice_id && <Link to={`/invoices/${message.invoice_id}`}>Open the invoice</Link>}
        {message.payment_id && <Link to={`/payments/${message.payment_id}`}>Open the payment</Link>}
        {message.customer_id && <Link to={`/customers/${message.customer_id}`}>Open the customer</Link>}
      </p>
    </>
  );
}

function Failure({ message }: { message: Message }) {
  const { can, instant } = useFrame();
  const retry = useAct(retryMessage);
  if (message.state !== 'failed' && !(message.state === 'queued' && message.last_error)) return null;
  const run = async (): Promise<void> => {
    try {
      await retry.run({ params: { id: message.id } });
      tell('It will be tried again now');
    } catch (error) {
      tellProblem(error);
    }
  };
  return (
    <div className="problem" role="status">
      <div>
        <p>{message.last_error ?? 'It could not be sent.'}</p>
        <p className="fine">
          {message.attempts} {message.attempts === 1 ? 'attempt' : 'attempts'}
          {message.next_attempt_at && `, next ${instant(message.next_attempt_at)}`}
        </p>
      </div>
      {message.state === 'failed' && can('invoices:write') && (
        <Button size="xs" variant="default" loading={retry.busy} onClick={() => void run()}>
          Send again
        </Button>
      )}
    </div>
  );
}

function Attachments({ message }: { message: Message }) {
  if (message.attachments.length === 0) return null;
  return (
    <ul className="row" aria-label="Attachments">
      {message.attachments.map(({ file_name: name, url, bytes }) => (
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
  );
}
