import { Button, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { z } from 'zod';
import { getTextConsent, sayTextConsent, type zTextConsent } from '#features/text-consents/api.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { State, type Tone } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Consent = z.output<typeof zTextConsent>;

const states: Record<Consent['state'], { tone: Tone; word: string }> = {
  given: { tone: 'good', word: 'Agreed' },
  none: { tone: 'faint', word: 'No consent' },
  withdrawn: { tone: 'faint', word: 'Withdrawn' },
  stopped: { tone: 'bad', word: 'Texted STOP' },
};

/** Whether this customer may be texted, who said so, and the way to attest it. */
export function TextConsentCard({ customerId }: { customerId: string }) {
  const { can } = useFrame();
  const [saying, say] = useDisclosure();
  const consent = useAsk(getTextConsent, { params: { id: customerId } });
  const { data } = consent;
  const { tone, word } = states[data?.state ?? 'none'];
  const may = can('customers:write') && data?.phone && data.state !== 'stopped';
  return (
    <Sheet
      title={<span className="row">Text messages {data?.phone && <State tone={tone}>{word}</State>}</span>}
      aside={
        may && (
          <Button size="xs" variant="default" onClick={say.open}>
            {data.state === 'given' ? 'Withdraw consent' : 'Attest consent'}
          </Button>
        )
      }
    >
      <Problem error={consent.error} onRetry={() => void consent.refetch()} />
      {data && <Standing consent={data} />}
      {data && data.log.length > 0 && <Log log={data.log} />}
      {saying && data && <Say consent={data} onClose={say.close} />}
    </Sheet>
  );
}

function Standing({ consent: { phone, phone_shown: shown, state } }: { consent: Consent }) {
  if (!phone) return <p className="fine">There is no telephone number that texts could go to.</p>;
  if (state === 'given') return <p>Texts go to {shown}, in the hours of the place.</p>;
  if (state === 'stopped')
    return (
      <p>{shown} asked us to stop. Only that phone can take it back, by texting START to your number.</p>
    );
  return <p>Nothing is texted to {shown} until the customer agrees, in the portal or to you.</p>;
}

const kinds: Record<Consent['log'][number]['kind'], string> = {
  given: 'Agreed',
  withdrawn: 'Withdrew',
  stop: 'Texted STOP',
  start: 'Texted START',
};
const sources = { portal: 'in the portal', staff: 'attested by', text: 'from', carrier: 'told by' };

function Log({ log }: { log: Consent['log'] }) {
  const { instant } = useFrame();
  return (
    <details>
      <summary>What was said, newest first</summary>
      <ol className="stack tight">
        {log.map((each) => (
          <li key={each.id}>
            <strong>{kinds[each.kind]}</strong> <span className="fine">{instant(each.said_at)}</span>{' '}
            {sources[each.source]}
            {each.source !== 'portal' && ` ${each.said_by}`}
            {each.note && `: ${each.note}`}
            {each.kind === 'given' && <span className="cell-under">“{each.words}”</span>}
          </li>
        ))}
      </ol>
    </details>
  );
}

function Say({ consent, onClose }: { consent: Consent; onClose: () => void }) {
  const act = useAct(sayTextConsent);
  const [note, setNote] = useState('');
  const given = consent.state !== 'given';
  const send = async (): Promise<void> => {
    const done = await act
      .run({ params: { id: consent.customer_id }, body: { given, note } })
      .catch(() => undefined);
    if (!done) return;
    onClose();
    tell(given ? 'The consent is kept' : 'Nothing more is texted');
  };
  return (
    <FormDialog
      title={given ? 'Attest consent to text messages' : 'Withdraw consent'}
      opened
      onClose={onClose}
      onSubmit={send}
      submit={given ? 'The customer agreed' : 'Withdraw'}
      busy={act.busy}
      disabled={note.trim() === ''}
      error={act.error}
    >
      {given && (
        <>
          <p>The customer must have agreed to these words, read or heard:</p>
          <blockquote className="note">{consent.words}</blockquote>
        </>
      )}
      <Textarea
        label="How do you know?"
        description={
          given ? 'On a signed form of 3 May, on the phone with Ana…' : 'Asked for it on the phone…'
        }
        required
        autosize
        minRows={2}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
