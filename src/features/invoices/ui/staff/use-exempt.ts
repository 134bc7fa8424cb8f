import { getCustomer } from '#features/customers/api.ts';
import type { Habit } from '#features/invoices/ui/staff/draft-lines.ts';
import { useAsk } from '#ui/use-endpoint.ts';

/** The habit of a form once its customer is known: one that is exempt is charged no tax. */
export function useExempt(habit: Habit, customerId: string): Habit {
  const who = useAsk(getCustomer, { params: { id: customerId } }, { enabled: customerId !== '' });
  const exempt = customerId ? who.data?.tax_exempt_reason : undefined;
  return exempt ? { ...habit, exempt } : habit;
}
