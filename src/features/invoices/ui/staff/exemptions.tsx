import { Menu } from '@mantine/core';
import { updateInvoice } from '#features/invoices/api.ts';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

const exemptions = [
  { flag: 'reminders_off', of: 'reminders' },
  { flag: 'late_fees_off', of: 'late fees' },
  { flag: 'receipts_off', of: 'receipts' },
] as const;

/** In the menu of one invoice: exempt it alone, or take that back. */
export function ExemptItems({ invoice }: { invoice: Invoice }) {
  const update = useAct(updateInvoice);
  const flip = (flag: (typeof exemptions)[number]['flag'], of: string): void =>
    void update
      .run({ params: { id: invoice.id }, body: { [flag]: !invoice[flag] } })
      .then((after) =>
        tell(
          after[flag] ? `${invoice.number} is exempt from ${of}` : `${invoice.number} has its ${of} again`,
        ),
      )
      .catch(tellProblem);
  return (
    <>
      <Menu.Divider />
      <Menu.Label>This invoice alone</Menu.Label>
      {exemptions.map(({ flag, of }) => (
        <Menu.Item key={flag} onClick={() => flip(flag, of)}>
          {invoice[flag] ? `Take back: no ${of}` : `Opt out of ${of}`}
        </Menu.Item>
      ))}
      <Menu.Divider />
    </>
  );
}

/** Says above the figures what does not happen for this invoice. */
export function Exemptions({ invoice }: { invoice: Invoice }) {
  const off = exemptions.filter(({ flag }) => invoice[flag]).map(({ of }) => of);
  if (off.length === 0) return null;
  const list = new Intl.ListFormat('en', { type: 'disjunction' }).format(off);
  return (
    <p className="note" data-tone="warn">
      This invoice alone gets no {list}. The menu at the top takes that back.
    </p>
  );
}
