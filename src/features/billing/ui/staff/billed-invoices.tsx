import type { Billing } from '#features/billing/ui/staff/plan-words.ts';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { State } from '#ui/state.tsx';

const states = {
  open: { tone: 'warn', words: 'Open' },
  pending: { tone: 'accent', words: 'Pending' },
  paid: { tone: 'good', words: 'Paid' },
  void: { tone: 'faint', words: 'Void' },
  written_off: { tone: 'faint', words: 'Written off' },
} as const;

/** The host's invoices; each opens where every customer of the host pays. */
export function BilledInvoices({ billing }: { billing: Billing }) {
  const { date, money } = useFrame();
  return (
    <Sheet title="Invoices">
      {billing.invoices.length === 0 && (
        <Empty title="No invoices yet">The first one comes when there is something to bill.</Empty>
      )}
      <ul className="plain-rows">
        {billing.invoices.map((invoice) => {
          const isLate = invoice.state === 'open' && invoice.due_date < billing.today;
          return (
            <li key={invoice.id}>
              <span>
                <span className="strong num">{invoice.number}</span>
                <span className="cell-under">
                  {date(invoice.invoice_date)}, due {date(invoice.due_date)}
                </span>
              </span>
              <State tone={isLate ? 'bad' : states[invoice.state].tone}>
                {isLate ? 'Past due' : states[invoice.state].words}
              </State>
              <span className="num">{money(invoice.total, billing.currency)}</span>
              <a
                href={invoice.pay_url}
                target="_blank"
                rel="noreferrer"
                aria-label={`${invoice.balance_due > 0n ? 'Pay' : 'View'} ${invoice.number}`}
              >
                {invoice.balance_due > 0n && invoice.state === 'open' ? 'Pay' : 'View'}
              </a>
            </li>
          );
        })}
      </ul>
    </Sheet>
  );
}
