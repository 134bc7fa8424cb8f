import { Skeleton, Tabs } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { getInvoice } from '#features/invoices/api.ts';
import { Exemptions } from '#features/invoices/ui/staff/exemptions.tsx';
import { InvoiceActions } from '#features/invoices/ui/staff/invoice-actions.tsx';
import { InvoiceLines } from '#features/invoices/ui/staff/invoice-lines.tsx';
import { InvoicePdf } from '#features/invoices/ui/staff/invoice-pdf.tsx';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import { InvoiceState } from '#features/invoices/ui/staff/invoice-words.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Facts, Figures, PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { TabList } from '#ui/tab-list.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

export const invoiceTabs = ['invoice', 'pdf', 'messages'] as const;
export type InvoiceTab = (typeof invoiceTabs)[number];

type Props = {
  id: string;
  tab: InvoiceTab;
  onTab: (tab: InvoiceTab) => void;
  rooms: {
    /** What everybody should know of the customer before they take its money. */
    notes: (invoice: Invoice) => ReactNode;
    payments: (invoice: Invoice) => ReactNode;
    /** Record a payment, charge a stored method: belongs to payments. */
    collect: (invoice: Invoice) => ReactNode;
    /** The same again on dates to come. */
    recurring: (invoice: Invoice) => ReactNode;
    /** Why a reminder went or did not: belongs to reminders. */
    reminders: ReactNode;
    messages: ReactNode;
    /** Posted, next, waive, remove: belongs to late fees. */
    lateFees: (invoice: Invoice) => ReactNode;
    /** Also while it is a draft: they go with its first mail. */
    files: ReactNode;
    autopay: (invoice: Invoice) => ReactNode;
    /** Promises and disputes. */
    holds: (invoice: Invoice) => ReactNode;
    timeline: ReactNode;
  };
};

const titles = { invoice: 'Invoice', pdf: 'PDF', messages: 'Messages' };
const back = { to: '/invoices', label: 'Invoices' };

export function InvoicePage({ id, tab, onTab, rooms }: Props) {
  const invoice = useAsk(getInvoice, { params: { id } });
  if (invoice.error)
    return (
      <>
        <PageHead back={back} title="Invoice" />
        <Problem error={invoice.error} onRetry={() => void invoice.refetch()} />
      </>
    );
  if (!invoice.data)
    return (
      <>
        <PageHead back={back} title="Invoice" />
        <Skeleton height={90} radius="lg" mb="lg" />
        <Skeleton height={420} radius="lg" />
      </>
    );
  const { data } = invoice;
  return (
    <>
      <PageHead
        back={back}
        tab={data.number}
        title={<span className="num">{data.number}</span>}
        state={<InvoiceState invoice={data} />}
        detail={<Link to={`/customers/${data.customer_id}`}>{data.customer_name}</Link>}
        actions={
          <InvoiceActions invoice={data} collect={rooms.collect(data)} recurring={rooms.recurring(data)} />
        }
      />
      {rooms.notes(data)}
      <Exemptions invoice={data} />
      <Standing invoice={data} />
      <Tabs value={tab} onChange={(next) => onTab((next ?? 'invoice') as InvoiceTab)} keepMounted={false}>
        <TabList label="About this invoice" chosen={tab} names={invoiceTabs} titles={titles} />
        <Tabs.Panel value="invoice">
          <div className="columns">
            <div className="stack loose">
              <InvoiceLines invoice={data} />
              {data.state !== 'draft' && (
                <Sheet title="Payments" flush>
                  {rooms.payments(data)}
                </Sheet>
              )}
            </div>
            <div className="stack loose">
              {data.state !== 'draft' && rooms.holds(data)}
              <Particulars invoice={data} />
              {data.state !== 'draft' && rooms.autopay(data)}
              {data.state !== 'draft' && rooms.reminders}
              {data.state !== 'draft' && rooms.lateFees(data)}
              {rooms.files}
              <Sheet title="Timeline" className="no-print">
                {rooms.timeline}
              </Sheet>
            </div>
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="pdf">
          <InvoicePdf invoice={data} />
        </Tabs.Panel>
        <Tabs.Panel value="messages">
          <Sheet flush>{rooms.messages}</Sheet>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Standing({ invoice }: { invoice: Invoice }) {
  const { money, date } = useFrame();
  const amount = (value: bigint) => money(value, invoice.currency);
  const reserved = invoice.reserved > 0n ? `${amount(invoice.reserved)} being processed` : undefined;
  return (
    <Figures
      figures={[
        {
          label: 'Balance due',
          value: amount(invoice.balance_due),
          tone: invoice.past_due ? 'bad' : invoice.state === 'paid' ? 'good' : undefined,
          note: reserved,
        },
        { label: 'Total', value: amount(invoice.total + invoice.fees) },
        { label: 'Paid', value: amount(invoice.applied) },
        { label: 'Due', value: date(invoice.due_date), tone: invoice.past_due ? 'bad' : undefined },
      ]}
    />
  );
}

function Particulars({ invoice }: { invoice: Invoice }) {
  const { date, instant } = useFrame();
  const when = (at: Date | null) => (at ? instant(at) : 'Never');
  return (
    <Sheet title="Particulars">
      <Facts
        facts={[
          ...(invoice.late_fee_of
            ? [
                {
                  label: 'Late fee of',
                  value: <Link to={`/invoices/${invoice.late_fee_of}`}>{invoice.late_fee_of_number}</Link>,
                },
              ]
            : []),
          { label: 'Invoice date', value: date(invoice.invoice_date) },
          { label: 'Terms', value: invoice.terms },
          { label: 'PO number', value: invoice.po_number },
          { label: 'Your id', value: invoice.external_id },
          { label: 'Last sent', value: when(invoice.last_sent_at) },
          { label: 'Last opened', value: when(invoice.last_viewed_at) },
          ...(invoice.voided_at ? [{ label: 'Voided', value: instant(invoice.voided_at) }] : []),
          ...(invoice.closed_at && !invoice.voided_at
            ? [{ label: 'Closed', value: instant(invoice.closed_at) }]
            : []),
          ...(invoice.memo ? [{ label: 'Memo', value: invoice.memo, wide: true }] : []),
        ]}
      />
    </Sheet>
  );
}
