import { Button, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { answerEstimate, billDeposit, billEstimate, sendEstimate } from '#features/estimates/api.ts';
import { type Estimate, percentOf } from '#features/estimates/ui/staff/estimate-words.tsx';
import { readDecimal } from '#lib/money.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { CopyButton } from '#ui/copy.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

/** What can be done with an estimate, by its state. */
export function EstimateActions({ estimate }: { estimate: Estimate }) {
  const { can } = useFrame();
  const [answering, setAnswering] = useState<Said>();
  const [billing, bill] = useDisclosure();
  const send = useAct(sendEstimate);
  const deposit = useAct(billDeposit);
  if (!can('invoices:write')) return null;
  const params = { id: estimate.id };
  const isOpen = estimate.state === 'draft' || estimate.state === 'sent' || estimate.state === 'viewed';
  const isUnbilled = (estimate.invoices ?? []).every(({ state }) => state === 'void');
  const run = (done: Promise<unknown>, words: string): void => void done.then(() => tell(words), tellProblem);
  return (
    <>
      {isOpen && estimate.url && <CopyButton text={estimate.url}>Copy link</CopyButton>}
      {!estimate.answer && (
        <ButtonLink variant="default" to={`/estimates/${estimate.id}/edit`} data-edit>
          Edit
        </ButtonLink>
      )}
      {isOpen && (
        <>
          <Button variant="default" onClick={() => setAnswering('declined')}>
            Mark as declined
          </Button>
          <Button variant="default" onClick={() => setAnswering('accepted')}>
            Mark as accepted
          </Button>
        </>
      )}
      {isOpen && (
        <Button
          loading={send.busy}
          onClick={() => run(send.run({ params, body: {} }), `${estimate.number} is sent`)}
        >
          {estimate.sent_at ? 'Send again' : 'Send'}
        </Button>
      )}
      {estimate.state === 'accepted' && estimate.deposit > 0n && isUnbilled && (
        <Button
          variant="default"
          loading={deposit.busy}
          onClick={() => run(deposit.run({ params }), 'The deposit is billed')}
        >
          Bill the deposit
        </Button>
      )}
      {estimate.state === 'accepted' && <Button onClick={bill.open}>Turn into an invoice</Button>}
      {answering && (
        <AnswerDialog estimate={estimate} said={answering} onClose={() => setAnswering(undefined)} />
      )}
      {billing && <BillDialog estimate={estimate} onClose={bill.close} />}
    </>
  );
}

type Dialog = { estimate: Estimate; onClose: () => void };

type Said = 'accepted' | 'declined';

function AnswerDialog({ estimate, said, onClose }: Dialog & { said: Said }) {
  const act = useAct(answerEstimate);
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const submit = async (): Promise<void> => {
    const why = reason.trim() ? { reason: reason.trim() } : {};
    const body = { answer: said, name: name.trim(), revision: estimate.revision, ...why };
    const done = await act.run({ params: { id: estimate.id }, body }).catch(() => undefined);
    if (done) onClose();
  };
  return (
    <FormDialog
      title={`${estimate.number} was ${said}`}
      opened
      onClose={onClose}
      onSubmit={submit}
      submit={`Mark as ${said}`}
      busy={act.busy}
      disabled={name.trim() === ''}
      error={act.error}
    >
      <p>For a customer who said so by telephone or in person. It cannot be changed afterwards.</p>
      <TextInput
        label={`Who ${said} it`}
        required
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {said === 'declined' && (
        <Textarea
          label="Why"
          description="As they said it, for the next offer"
          maxLength={2000}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}

function BillDialog({ estimate, onClose }: Dialog) {
  const { locale } = useFrame();
  const act = useAct(billEstimate);
  const [percent, setPercent] = useState('');
  const left = percentOf(estimate.left_bps ?? 0);
  const read = readDecimal(percent, locale);
  const submit = async (): Promise<void> => {
    const body = percent.trim() ? { percent: read ?? percent.trim() } : {};
    const done = await act.run({ params: { id: estimate.id }, body }).catch(() => undefined);
    if (done) onClose();
  };
  return (
    <FormDialog
      title={`Turn ${estimate.number} into an invoice`}
      opened
      onClose={onClose}
      onSubmit={submit}
      submit="Make the invoice"
      busy={act.busy}
      error={act.error}
    >
      <p>{left} of it is left to bill. A deposit that was billed comes off in proportion.</p>
      <TextInput
        label="Percent of the estimate"
        description={`Leave it empty for all of the ${left}`}
        inputMode="decimal"
        rightSection={<span className="unit">%</span>}
        value={percent}
        onChange={(event) => setPercent(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
