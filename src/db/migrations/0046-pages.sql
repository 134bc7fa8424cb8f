-- Closed invoices by date and by due date: the newest of all are open, and a list of closed ones would pass them all.
create index invoices_closed_date on invoices (organization_id, invoice_date, id) where closed_at is not null;
create index invoices_closed_due on invoices (organization_id, due_date, id) where closed_at is not null;
