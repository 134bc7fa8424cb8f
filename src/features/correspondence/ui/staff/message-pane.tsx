import { ActionIcon, Button, Skeleton, Tabs } from '@mantine/core';
import { IconArrowLeft, IconPaperclip } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { cancelLetter, getMessage, retryMessage } from '#features/correspondence/api.ts';
import type { Message } from '#features/correspondence/ui/staff/message-words.tsx';
import { kindOf, MessageState, ruleOf } from '#features/correspondence/ui/staff/message-words.tsx';
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
      <Held message={data} />
      <Cancel message={data} />
      <Failure message={data} />
      <Attachments message={data} />
      {data.channel === 'email' ? <Letter message={data} /> : <Plain message={data} />}
    </article>
  );
}

/** What a phone shows; or the pages of a letter, and until they are set what it says. */
function Plain({ message }: { message: Message }) {
  const { channel, text, subject, attachments } = message;
  const [pages] = attachments;
  if (channel === 'sms') return <div className="text-bubble">{text}</div>;
  if (!pages) return <pre className="mail-text">{text}</pre>;
  return (
    <>
      <iframe className="pdf-frame" src={pages.url} title={`Letter: ${subject}`} />
      <p className="fine narrow-only">Open the document to see its pages here.</p>
    </>
  );
}

function Letter({ message: data }: { message: Message }) {
  return (
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
    [
      'To',
      message.to_address
        ? [message.to_address.name, ...message.to_address.lines].join(', ')
        : message.to.join(', '),
    ],
    ['Copies', message.cc.join(', ') || null],
    ['Reply to', message.channel === 'email' ? message.reply_to : null],
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

/** Why it has not gone, when that is no failure. */
function Held({ message }: { message: Message }) {
  const { instant } = useFrame();
  const { state, channel, next_attempt_at: next, attempts } = message;
  const words = message.suppressed_by
    ? ruleOf(message.suppressed_by)
    : state !== 'queued' || channel === 'email'
      ? undefined
      : message.awaits_address
        ? 'It waits until the address is confirmed.'
        : message.route === 'print' && message.attachments.length > 0
          ? 'It waits to be printed and mailed by you.'
          : channel === 'sms' && next && attempts === 0
            ? `It waits for the hours at which a text may arrive there: ${instant(next)}.`
            : undefined;
  if (!words) return null;
  return (
    <p className="note" role="status">
      {words}{' '}
      {message.awaits_address && (
        <Link to="/reports" search={{ tab: 'paper' }}>
          Look at the address
        </Link>
      )}
      {message.route === 'print' && state === 'queued' && <Link to="/letters">Letters to print</Link>}
    </p>
  );
}

/** A letter that is not printed yet, and how long it can be taken back. */
function Cancel({ message }: { message: Message }) {
  const { can, instant } = useFrame();
  const cancel = useAct(cancelLetter);
  if (!message.can_cancel || !can('invoices:write')) return null;
  const run = (): Promise<void> =>
    cancel.run({ params: { id: message.id } }).then(() => tell('The letter does not go'), tellProblem);
  const until = message.cancelable_until;
  return (
    <p className="row fine">
      {until ? `It can be taken back until ${instant(until)}.` : 'It can be taken back: it has not left.'}
      <Button size="xs" variant="default" loading={cancel.busy} onClick={() => void run()}>
        Cancel the letter
      </Button>
    </p>
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
