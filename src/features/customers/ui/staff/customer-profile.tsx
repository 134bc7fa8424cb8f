import type { Customer } from '#features/customers/ui/staff/customer-columns.tsx';
import { addressLines } from '#ui/address-fields.tsx';
import { Facts, Sheet } from '#ui/page.tsx';
import { PhoneNumber } from '#ui/phone-number.tsx';

export function CustomerProfile({ customer }: { customer: Customer }) {
  const lines = addressLines(customer.billing_address);
  const ship = addressLines(customer.shipping_address);
  const may = [
    customer.allow_card && 'card',
    customer.allow_bank_account && 'bank account',
    customer.allow_paypal && 'PayPal',
  ]
    .filter(Boolean)
    .join(', ');
  const contact = [customer.first_name, customer.last_name].filter(Boolean).join(' ');
  return (
    <Sheet title="Profile">
      <Facts
        columns={1}
        facts={[
          { label: 'Type', value: customer.customer_type },
          { label: 'Contact', value: contact },
          { label: 'E-mail', value: customer.email },
          ...(customer.cc_emails.length > 0
            ? [{ label: 'Copies to', value: customer.cc_emails.join(', ') }]
            : []),
          { label: 'Phone', value: customer.phone && <PhoneNumber typed={customer.phone} /> },
          {
            label: 'Billing address',
            value:
              lines.length > 0 &&
              lines.map((line) => (
                <span key={line} className="line">
                  {line}
                </span>
              )),
          },
          ...(ship.length > 0
            ? [
                {
                  label: 'Shipping address',
                  value: ship.map((line) => (
                    <span key={line} className="line">
                      {line}
                    </span>
                  )),
                },
              ]
            : []),
          {
            label: 'Payment terms',
            value: customer.terms_days === null ? 'As the organization' : `${customer.terms_days} days`,
          },
          {
            label: 'May pay by',
            value: [
              may || 'nothing online',
              customer.allow_partial_payments ? 'in parts' : 'in full',
              customer.allow_payment_plans && 'by payment plan',
            ]
              .filter(Boolean)
              .join(', '),
          },
          ...(customer.tax_exempt_reason
            ? [{ label: 'Exempt from tax', value: customer.tax_exempt_reason }]
            : []),
          ...(customer.notes ? [{ label: 'Notes', value: customer.notes }] : []),
        ]}
      />
    </Sheet>
  );
}
