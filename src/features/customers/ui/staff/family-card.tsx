import { Link } from '@tanstack/react-router';
import { getFamily } from '#features/customers/api.ts';
import type { Customer } from '#features/customers/ui/staff/customer-columns.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { State } from '#ui/state.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** Parent and children, and what all of them owe together; absent where a customer stands alone. */
export function FamilyCard({ customer }: { customer: Customer }) {
  const { money } = useFrame();
  const { data } = useAsk(getFamily, { params: { id: customer.id } });
  if (!data || (!data.parent && data.children.length === 0)) return null;
  const sum = (amount: bigint) => money(amount, data.currency);
  return (
    <Sheet title="Family">
      <div className="stack">
        {data.parent && (
          <p>
            Belongs to <Link to={`/customers/${data.parent.id}`}>{data.parent.display_name}</Link>
            {customer.bill_with_parent && <span className="fine"> · billed with it</span>}
          </p>
        )}
        {data.children.length > 0 && (
          <ul className="family">
            {data.children.map((child) => (
              <li key={child.id}>
                <span>
                  <Link to={`/customers/${child.id}`}>{child.display_name}</Link>
                  <span className="cell-under">
                    {child.active
                      ? child.bill_with_parent
                        ? 'Billed with this one'
                        : 'Billed on its own'
                      : ''}
                    {!child.active && <State tone="faint">Inactive</State>}
                  </span>
                </span>
                <span className="num end">
                  {sum(child.open_balance)}
                  {child.past_due_balance > 0n && (
                    <span className="cell-under late">{sum(child.past_due_balance)} past due</span>
                  )}
                </span>
              </li>
            ))}
            <li className="total">
              <span>Together, {data.members} customers</span>
              <span className="num end">
                {sum(data.open_balance)}
                {data.past_due_balance > 0n && (
                  <span className="cell-under late">{sum(data.past_due_balance)} past due</span>
                )}
              </span>
            </li>
          </ul>
        )}
      </div>
    </Sheet>
  );
}
