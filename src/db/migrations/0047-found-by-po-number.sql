-- Invoices are found by the beginning of their PO number too, and those whose payments are under way stand in a list.
create index invoices_po_number on invoices (organization_id, po_number collate "C") where po_number is not null;
create index invoices_pending on invoices (organization_id, due_date, id)
  where issued_at is not null and closed_at is null and reserved = balance_due;
