-- Items come in from a file, as customers and invoices do.
alter table import_batches
  drop constraint import_batches_kind_check,
  add constraint import_batches_kind_check check (kind in ('customers', 'invoices', 'items'));
