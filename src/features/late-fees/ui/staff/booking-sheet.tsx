import { Radio, TextInput } from '@mantine/core';
import type { LateFeeBooking } from '#features/late-fees/rules.ts';
import { isApart, type Values } from '#features/late-fees/ui/staff/policy-form.ts';
import { Sheet } from '#ui/page.tsx';
import type { Fields } from '#ui/use-fields.ts';

const bookings: { value: LateFeeBooking; label: string; description: string }[] = [
  {
    value: 'on_invoice',
    label: 'On the late invoice',
    description: 'It is owed on top of the invoice, and paid with it.',
  },
  {
    value: 'own_invoice',
    label: 'As an invoice of its own',
    description:
      'The late invoice stays as it was sent. Each fee gets an invoice with a number, a due date and a page of its own.',
  },
  {
    value: 'receipt',
    label: 'As a sales receipt in your books',
    description:
      'Here it is owed on the late invoice. Connected books get a receipt when it is paid, so that an invoice in a closed ' +
      'period stays untouched. Without connected books this is the same as the first.',
  },
];

export function Booking({ form }: { form: Fields<Values> }) {
  return (
    <Sheet title="How it is booked">
      <div className="stack">
        <Radio.Group
          aria-label="How a late fee is booked"
          value={form.values.booking}
          onChange={(booking) => form.set('booking', booking as LateFeeBooking)}
        >
          <div className="stack">
            {bookings.map((booking) => (
              <Radio key={booking.value} {...booking} />
            ))}
          </div>
        </Radio.Group>
        {isApart(form.values) && (
          <div className="fields two">
            <TextInput label="Its line is called" maxLength={100} {...form.text('own_item')} />
            <TextInput label="Days to pay it" inputMode="numeric" {...form.text('own_due_days')} />
          </div>
        )}
      </div>
    </Sheet>
  );
}
