export function Invoices() { return null; }
export function NewInvoice() { return null; }
