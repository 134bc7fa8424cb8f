-- The lines of an estimate say all that an invoice's do: rates, discounts, days; and its state is found by index.

alter table estimates
  add column discount minor_units not null default 0 check (discount >= 0),
  -- As it was agreed: '10%', or an amount in major units.
  add column discount_terms text not null default '',
  -- What of the tax is inside the prices.
  add column tax_inside minor_units not null default 0,
  -- As estimate_answers has it.
  add column answer text check (answer in ('accepted', 'declined')),
  -- What of it is on invoices that stand, in hundredths of a percent.
  add column billed_bps int not null default 0 check (billed_bps between 0 and 10000),
  drop constraint estimate_adds_up,
  add constraint estimate_adds_up check (subtotal - discount + tax - tax_inside = total);
update estimates e set answer = a.answer from estimate_answers a
where a.organization_id = e.organization_id and a.estimate_id = e.id;
update estimates e set billed_bps = p.bps from (
  select p.organization_id, p.estimate_id, sum(p.share_bps) as bps from estimate_invoices p
  join invoices i on i.organization_id = p.organization_id and i.id = p.invoice_id
  where p.kind = 'part' and i.voided_at is null group by 1, 2) p
where p.organization_id = e.organization_id and p.estimate_id = e.id;
create index estimates_answer on estimates (organization_id, answer, id desc);
create index estimates_billed on estimates (organization_id, (billed_bps = 10000), id desc) where answer = 'accepted';

alter table estimate_lines
  add column discount text not null default '',
  add column service_date date,
  -- The rates as they were when the line was written: [{id, name, percent, inclusive, compound}].
  add column taxes jsonb not null default '[]';

alter table estimate_invoices
  add column discount minor_units not null default 0 check (discount >= 0),
  add column tax_inside minor_units not null default 0;
