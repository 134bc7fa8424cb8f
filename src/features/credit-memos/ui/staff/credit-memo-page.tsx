import { Button, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import {
  getCreditMemo,
  issueCreditMemo,
  sendCreditMemo,
  unapplyCredit,
  voidCreditMemo,
} from '#features/credit-memos/api.ts';
import { ApplyCreditDialog } from '#features/credit-memos/ui/staff/apply-credit-dialog.tsx';
import { isTypable } from '#features/credit-memos/ui/staff/credit-form-values.ts';
import { type CreditMemo, CreditMemoState } from '#features/credit-memos/ui/staff/credit-memo-words.tsx';
import { taxLabel } from '#features/invoices/sum-rules.ts';
import { LinesTable, SumsTable } from '#features/invoices/ui/staff/invoice-lines.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Figures, PageHead, Sheet } from '#ui/page.tsx';
import { PageWait } from '#ui/page-wait.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

const back = { to: '/credit-memos', label: 'Credit memos' };

export function CreditMemoPage({ id, timeline }: { id: string; timeline: ReactNode }) {
  const { money, date } = useFrame();
  const memo = useAsk(getCreditMemo, { params: { id } });
  const { data } = memo;
  if (!data) return <PageWait back={back} title="Credit memo" asked={memo} />;
  const amount = (value: bigint) => money(value, data.currency);
  return (
    <>
      <PageHead
        back={back}
        title={data.number}
        state={<CreditMemoState state={data.state} />}
        detail={
          <>
            For <Link to={`/customers/${data.customer_id}`}>{data.customer_name}</Link>
          </>
        }
        actions={<Actions memo={data} />}
      />
      <Figures
        figures={[
          { label: 'Total', value: amount(data.total) },
          { label: 'Used', value: amount(data.applied) },
          {
            label: 'Available',
            value: amount(data.available),
            tone: data.available > 0n ? 'good' : undefined,
          },
          { label: 'Date', value: date(data.memo_date) },
        ]}
      />
      <div className="columns">
        <div className="stack loose">
          {data.reason && <p className="note break">{data.reason}</p>}
          <Lines memo={data} />
          <UsedFor memo={data} />
        </div>
        <Sheet title="Timeline" className="no-print">
          {timeline}
        </Sheet>
      </div>
    </>
  );
}

function Actions({ memo }: { memo: CreditMemo }) {
  const { can } = useFrame();
  const [applying, apply] = useDisclosure();
  const [voiding, withdraw] = useDisclosure();
  const issue = useAct(issueCreditMemo);
  const send = useAct(sendCreditMemo);
  if (!can('invoices:write') || memo.state === 'void') return null;
  return (
    <>
      {memo.applied === 0n && (
        <Button variant="default" onClick={withdraw.open}>
          Void
        </Button>
      )}
      <Button component="a" variant="default" href={`/v1/credit-memos/${memo.id}/pdf`} target="_blank">
        PDF
      </Button>
      {memo.state !== 'draft' && (
        <Button
          variant="default"
          loading={send.busy}
          onClick={() =>
            void send
              .run({ params: { id: memo.id }, body: {} })
              .then(() => tell(`${memo.number} is sent`), tellProblem)
          }
        >
          Send
        </Button>
      )}
      {isTypable(memo) && (
        <ButtonLink to={`/credit-memos/${memo.id}/edit`} variant="default" data-edit>
          Edit
        </ButtonLink>
      )}
      {memo.state === 'draft' && (
        <Button
          loading={issue.busy}
          onClick={() => void issue.run({ params: { id: memo.id } }).catch(tellProblem)}
        >
          Issue
        </Button>
      )}
      {memo.available > 0n && <Button onClick={apply.open}>Apply to invoices</Button>}
      {applying && <ApplyCreditDialog memo={memo} onClose={apply.close} />}
      {voiding && <VoidCredit memo={memo} onClose={withdraw.close} />}
    </>
  );
}

function VoidCredit({ memo, onClose }: { memo: CreditMemo; onClose: () => void }) {
  const act = useAct(voidCreditMemo);
  const [reason, setReason] = useState('');
  const submit = async (): Promise<void> => {
    const done = await act
      .run({ params: { id: memo.id }, body: { reason: reason.trim() } })
      .catch(() => undefined);
    if (done) onClose();
  };
  return (
    <FormDialog
      title={`Void ${memo.number}?`}
      opened
      onClose={onClose}
      onSubmit={submit}
      submit="Void it"
      danger
      busy={act.busy}
      disabled={reason.trim() === ''}
      error={act.error}
    >
      <p>It keeps its number, and the customer loses this credit. It cannot be taken back.</p>
      <Textarea
        label="Reason"
        required
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

function Lines({ memo }: { memo: CreditMemo }) {
  const { currency, subtotal, tax, total, lines = [], taxes = [] } = memo;
  const rows: [string, bigint][] = [
    ['Subtotal', subtotal],
    ...taxes
      .filter((each) => each.tax !== 0n)
      .map((each): [string, bigint] => [each.percent === null ? 'Tax' : taxLabel(each), each.tax]),
    ['Total', total],
  ];
  return (
    <Sheet title="Lines" flush>
      <LinesTable lines={lines} currency={currency} />
      <SumsTable rows={tax === 0n ? rows.slice(-1) : rows} strong={['Total']} currency={currency} />
    </Sheet>
  );
}

function UsedFor({ memo }: { memo: CreditMemo }) {
  const { money, can } = useFrame();
  const act = useAct(unapplyCredit);
  const applications = memo.applications ?? [];
  const takeOff = (invoice_id: string, number: string): void =>
    void act
      .run({ params: { id: memo.id }, body: { invoice_id } })
      .then(() => tell(`Credit taken off ${number}`), tellProblem);
  if (applications.length === 0) return null;
  return (
    <Sheet title="Used for" flush>
      <table className="lines">
        <tbody>
          {applications.map((each, index) => (
            <tr key={index}>
              <td>
                <Link to={`/invoices/${each.invoice_id}`} className="row-link num">
                  {each.invoice_number}
                </Link>
              </td>
              <td>
                {each.state === 'ended' ? 'Ended' : 'Applied'}
                {each.state === 'applied' && can('invoices:write') && (
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    ml="xs"
                    loading={act.busy}
                    aria-label={`Take credit off ${each.invoice_number}`}
                    onClick={() => takeOff(each.invoice_id, each.invoice_number)}
                  >
                    Take off
                  </Button>
                )}
              </td>
              <td data-align="end">{money(each.amount, memo.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}
