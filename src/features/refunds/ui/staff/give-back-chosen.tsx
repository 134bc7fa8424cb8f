import { Button, Checkbox, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { z } from 'zod';
import type { zPayment } from '#features/payments/api.ts';
import { giveBackPayments } from '#features/refunds/api.ts';
import { decideGiveBack } from '#features/refunds/rules.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Payment = z.output<typeof zPayment>;
type Report = z.output<typeof giveBackPayments.reply>;
type Chosen = { payment: Payment; act: 'void' | 'refund' | undefined; reason: string };

const decided = (payment: Payment): Chosen => {
  const { offer, reason } = decideGiveBack({
    ...payment,
    refundAtOnce: payment.refund_at_once,
    voidRequestedAt: payment.void_requested_at,
    voidRefusedAt: payment.void_refused_at,
  });
  return { payment, act: offer, reason };
};

/** Void or refund what was chosen, after a look at which is which; each gets its own verdict. */
export function GiveBackChosen({ payments, onDone }: { payments: Payment[]; onDone: () => void }) {
  const [opened, door] = useDisclosure();
  const [report, setReport] = useState<Report | null>(null);
  const close = (): void => {
    setReport(null);
    onDone();
  };
  const done = (reply: Report): void => {
    door.close();
    const refused = reply.data.filter(({ ok }) => !ok);
    if (refused.length > 0) {
      setReport({ ...reply, data: refused });
      return;
    }
    tell(`${reply.data.length} on the way back`);
    onDone();
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={door.open}>
        Void or refund
      </Button>
      {opened && <Preview chosen={payments.map(decided)} onClose={door.close} onDone={done} />}
      {report && (
        <FormDialog opened title={`${report.data.length} could not be given back`} onClose={close}>
          <ul className="reasons">
            {report.data.map((each) => (
              <li key={each.payment_id}>
                <span className="strong">{nameOf(payments, each.payment_id)}</span> {each.message}
              </li>
            ))}
          </ul>
        </FormDialog>
      )}
    </>
  );
}

const nameOf = (payments: Payment[], id: string): string =>
  payments.find((payment) => payment.id === id)?.customer_name ?? id;

type PreviewProps = { chosen: Chosen[]; onClose: () => void; onDone: (reply: Report) => void };

function Preview({ chosen, onClose, onDone }: PreviewProps) {
  const { money } = useFrame();
  const give = useAct(giveBackPayments);
  const form = useFields({ reason: '', send_receipt: true });
  const going = chosen.filter(({ act }) => act !== undefined);
  const submit = form.submit(async ({ reason, send_receipt }) => {
    const items = going.flatMap(({ payment, act }) => (act ? [{ payment_id: payment.id, act }] : []));
    const body = { items, send_receipt, ...(reason.trim() ? { reason: reason.trim() } : {}) };
    onDone(await give.run({ body }));
  });
  const count = (word: 'void' | 'refund') => chosen.filter(({ act }) => act === word).length;
  return (
    <FormDialog
      title="Give these payments back?"
      opened
      onClose={onClose}
      busy={give.busy}
      error={give.error}
      size="lg"
      danger
      {...(going.length > 0
        ? {
            onSubmit: () => submit(),
            submit: [
              count('void') > 0 ? `Void ${count('void')}` : '',
              count('refund') > 0 ? `refund ${count('refund')}` : '',
            ]
              .filter(Boolean)
              .join(', '),
          }
        : {})}
    >
      <table className="lines" aria-label="What will happen to each">
        <tbody>
          {chosen.map(({ payment, act, reason }) => (
            <tr key={payment.id}>
              <td>
                {payment.customer_name}
                {!act && <p className="fine">{reason}</p>}
              </td>
              <td>{act === 'void' ? 'Void' : act === 'refund' ? 'Refund' : 'Stays'}</td>
              <td data-align="end">
                {act ? money(payment.amount - payment.refunded, payment.currency) : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="fine">
        Voids open the invoices again; refunds leave them paid, return fees too and take 3–5 business days.
        Neither can be taken back.
      </p>
      <Textarea label="Reason" maxLength={500} {...form.text('reason')} />
      <Checkbox label="Write to the customers" {...form.flag('send_receipt')} />
    </FormDialog>
  );
}
