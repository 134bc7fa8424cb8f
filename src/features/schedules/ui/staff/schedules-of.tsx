import { listSchedules } from '#features/schedules/api.ts';
import { NewPaymentSchedule } from '#features/schedules/ui/staff/new-payment-schedule.tsx';
import { ScheduleTable } from '#features/schedules/ui/staff/schedule-table.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** What comes by itself for one customer. */
export function SchedulesOfCustomer({ customerId }: { customerId: string }) {
  const schedules = useAsk(listSchedules, { query: { customer_id: customerId, status: 'all', limit: 100 } });
  return (
    <Sheet title="Schedules" flush aside={<NewPaymentSchedule like={{ customerId }} />}>
      <Problem error={schedules.error} onRetry={() => void schedules.refetch()} />
      {!schedules.error && (
        <ScheduleTable
          rows={schedules.data?.data}
          customer={false}
          empty={
            <Empty title="Nothing runs by itself for this customer">
              Charge a stored method on dates to come, or make an invoice recurring on its own page.
            </Empty>
          }
        />
      )}
    </Sheet>
  );
}
