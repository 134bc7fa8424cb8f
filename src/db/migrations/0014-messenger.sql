-- The invoice messenger: when new invoices go out by themselves, and statements.

alter table organizations
  -- created: as soon as it is issued; delay: so many days after that.
  add column new_invoice_when text not null default 'created'
    check (new_invoice_when in ('created', 'invoice_date', 'delay', 'never')),
  add column new_invoice_delay_days smallint not null default 0 check (new_invoice_delay_days between 0 and 365),
  -- What was issued before is left to a person: set by going live, and by a change of the rule that lets it be.
  add column new_invoices_since timestamptz,
  -- Of the month; its last day where the month is shorter. Null: no statements by themselves.
  add column statement_day smallint check (statement_day between 1 and 31),
  -- No statement is due on an earlier day: set by going live and by a change of the day.
  add column statements_from date,
  -- The last statement day that is worked through.
  add column statements_done_for date;

-- What the new invoice rule looks through each day.
create index invoices_unsent on invoices (organization_id, issued_at, id)
  where first_sent_at is null and closed_at is null and issued_at is not null;
