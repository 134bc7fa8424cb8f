import { AddCustomer } from '#features/customers/ui/staff/add-customer.tsx';
import { CustomerPick } from '#features/customers/ui/staff/customer-pick.tsx';
import type { FormRooms } from '#features/invoices/ui/staff/invoice-form.tsx';
import { ItemField } from '#features/items/ui/staff/item-field.tsx';
import { AddTaxRate } from '#features/taxes/ui/staff/add-tax-rate.tsx';
import type { Picker } from '#ui/fields.tsx';

export const pickCustomer: Picker = (props) => <CustomerPick {...props} />;

/** What other rooms put into the forms of papers with lines: invoices, estimates, credit memos. */
export const formRooms: FormRooms = {
  pickCustomer,
  addCustomer: (onAdded) => <AddCustomer onAdded={onAdded} />,
  item: (field) => <ItemField {...field} />,
  addTaxRate: <AddTaxRate />,
};
