import { IconStack2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import {
  isLate,
  type ReportColumn,
  reasonOf,
  shownCode,
  waitedDays,
} from '#features/payments/report-rules.ts';
import { turnWords } from '#features/payments/result-rules.ts';
import { type Payment, PaymentState } from '#features/payments/ui/staff/payment-words.tsx';
import { methodWords, sourceWords } from '#features/payments/word-rules.ts';
import type { Column } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';

type Cells = Record<ReportColumn, Omit<Column<Payment>, 'key'>>;

/** How each column of the report looks on the page; what it is in a file stands in report-rules.ts. */
export function reportCells({ money, date }: ReturnType<typeof useFrame>): Cells {
  const some = (title: string, pick: (payment: Payment) => bigint): Cells['fee'] => ({
    title,
    slot: 'wide-only',
    align: 'end',
    width: '88px',
    cell: (payment) =>
      pick(payment) > 0n ? money(pick(payment), payment.currency) : <span className="none">–</span>,
  });
  return {
    received: {
      title: 'Received',
      slot: 'detail',
      width: '116px',
      cell: (payment) => <span className="num">{date(payment.received_on)}</span>,
    },
    customer: { title: 'Customer', slot: 'title', width: '17%', cell: ({ customer_name: name }) => name },
    method: {
      title: 'Method and source',
      slot: 'detail',
      width: '190px',
      cell: (payment) => (
        <>
          <MethodName payment={payment} />
          <span className="cell-under">{sourceWords[payment.source]}</span>
        </>
      ),
    },
    invoices: {
      title: 'Invoices',
      slot: 'detail',
      width: '112px',
      cell: ({ invoices }) => <Invoices invoices={invoices} />,
    },
    result: {
      title: 'Result',
      slot: 'state',
      width: '160px',
      cell: (payment) => <Outcome payment={payment} />,
    },
    waiting: {
      title: 'Under way',
      slot: 'detail',
      width: '150px',
      cell: (payment) => <Waiting payment={payment} />,
    },
    next: {
      title: 'What comes next',
      slot: 'detail',
      width: '24%',
      cell: (payment) => <Next payment={payment} />,
    },
    unapplied: some('Unapplied', ({ unapplied }) => unapplied),
    fee: some('Fee', ({ fee }) => fee),
    refunded: some('Refunded', ({ refunded }) => refunded),
    amount: {
      title: 'Amount',
      slot: 'amount',
      align: 'end',
      width: '124px',
      cell: ({ amount, currency }) => <span className="strong">{money(amount, currency)}</span>,
    },
  };
}

/** The digits stay together when the name of a bank takes the line. */
function MethodName({ payment }: { payment: Payment }) {
  const [name, last4] = methodWords(payment).split(' •••• ');
  return (
    <>
      {name} {last4 && <span className="num">•••• {last4}</span>}
    </>
  );
}

/** For how long, and until when; later than banks usually need somebody should ask. */
function Waiting({ payment }: { payment: Payment }) {
  const { today, date, count } = useFrame();
  const days = waitedDays(payment, today);
  const { expected_on: expected } = payment.result;
  return (
    <>
      <span className="num">{days === 0 ? 'Since today' : count(days, 'day')}</span>
      {expected && isLate(payment, today) && <span className="cell-under late">Later than usual</span>}
      {expected && !isLate(payment, today) && <span className="cell-under">Settles {date(expected)}</span>}
    </>
  );
}

function Outcome({ payment }: { payment: Payment }) {
  const reason = reasonOf(payment);
  const code = shownCode(payment);
  return (
    <>
      <PaymentState state={payment.state} kind={payment.kind} />
      {reason && (
        <span className="cell-under">
          {reason}
          {code && <> ({code})</>}
        </span>
      )}
    </>
  );
}

function Next({ payment }: { payment: Payment }): ReactNode {
  const { next, turn } = payment.result;
  return (
    <span className="cell-wrap">
      {turn && <span className={turn === 'organization' ? 'turn own' : 'turn'}>{turnWords[turn]}</span>}
      {next}
    </span>
  );
}

/** The number of one, as a link; of a bulk payment how many. */
function Invoices({ invoices: { count, open, first } }: Pick<Payment, 'invoices'>) {
  const [one] = first;
  if (!one) return <span className="none">None</span>;
  const numbers = first.map(({ invoice_number: number }) => number).join(', ');
  return count === 1 ? (
    <>
      <Link className="num" to={`/invoices/${one.invoice_id}`}>
        {one.invoice_number}
      </Link>
      {open === 1 && <span className="cell-under">Open</span>}
    </>
  ) : (
    <>
      <span className="bulk" title={count > first.length ? `${numbers}, …` : numbers}>
        <IconStack2 size={14} aria-hidden />
        {count} invoices
      </span>
      {open > 0 && <span className="cell-under">{open} open</span>}
    </>
  );
}
