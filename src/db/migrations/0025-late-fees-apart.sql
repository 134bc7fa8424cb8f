-- Late fees as invoices of their own (docs/decisions/0013).

-- How a late fee is booked: on its invoice, as an invoice of its own, or told to connected books as a sales receipt.
alter table late_fee_policies
  add column booking text not null default 'on_invoice' check (booking in ('on_invoice', 'own_invoice', 'receipt')),
  -- Of an invoice of its own: what its line is called, and how long there is to pay it.
  add column own_item text not null default 'Late fee' check (length(own_item) between 1 and 100),
  add column own_due_days smallint not null default 14 check (own_due_days between 0 and 365);

-- The invoice that a fee is booked as; on its invoice where there is none.
alter table late_fees add column own_invoice_id id,
  add foreign key (organization_id, own_invoice_id) references invoices;
create unique index late_fees_own_invoice on late_fees (organization_id, own_invoice_id) where own_invoice_id is not null;

-- An invoice over a late fee names the invoice that was late.
alter table invoices add column late_fee_of id,
  add constraint invoices_late_fee_of foreign key (organization_id, late_fee_of) references invoices;
create index invoices_over_late_fees on invoices (organization_id, late_fee_of) where late_fee_of is not null;
