-- The invoice generator: items, tax rates, terms, discounts, numbering and how an invoice looks.

alter table items add column updated_at timestamptz, add column deactivated_at timestamptz,
  add column tax_rate_ids text[] not null default '{}';
create index items_by_name on items (organization_id, lower(name) collate "C", id);

create table tax_rates (
  organization_id id not null references organizations,
  id id not null,
  name text not null check (length(name) between 1 and 100),
  -- A decimal string: nothing rounds it on the way (house law 7).
  percent text not null check (percent ~ '^[0-9]{1,3}(\.[0-9]{1,6})?$' and percent::numeric <= 100),
  -- Inside the price, so that the price is what is paid.
  inclusive boolean not null default false,
  -- Taken on the price and the other taxes of the line.
  compound boolean not null default false,
  created_at timestamptz not null,
  deactivated_at timestamptz,
  primary key (organization_id, id),
  constraint compound_is_on_top check (not (inclusive and compound))
);
create unique index tax_rates_name on tax_rates (organization_id, lower(name)) where deactivated_at is null;
call wall_off('tax_rates');

create table invoice_terms (
  organization_id id not null references organizations,
  id id not null,
  name text not null check (length(name) between 1 and 100),
  days int not null check (days between 0 and 365),
  counted_from text not null default 'invoice_date' check (counted_from in ('invoice_date', 'end_of_month')),
  created_at timestamptz not null,
  primary key (organization_id, id)
);
create unique index invoice_terms_name on invoice_terms (organization_id, lower(name));
call wall_off('invoice_terms');

alter table customers add column tax_exempt_reason text check (length(tax_exempt_reason) between 1 and 200);

alter table organizations
  add column invoice_numbering text not null default 'series' check (invoice_numbering in ('series', 'gapless')),
  add column invoice_number_width int not null default 1 check (invoice_number_width between 1 and 12),
  add column invoice_layout jsonb not null default '{}';

-- total = subtotal - discount + the taxes that are on top; what is inside the prices is part of the subtotal.
alter table invoices add column discount minor_units not null default 0 check (discount >= 0),
  -- As it was agreed: '10%', or an amount in major units.
  add column discount_terms text not null default '',
  add column tax_exempt_reason text;
alter table invoice_lines add column discount text not null default '', add column service_date date,
  -- The rates as they were when the line was written: [{id, name, percent, inclusive, compound}].
  add column taxes jsonb not null default '[]';

-- What tax an invoice charged under which rate, rounded half up once for each rate: what a tax report sums.
create table invoice_taxes (
  organization_id id not null,
  invoice_id id not null,
  position int not null,
  -- Null where the rate was only a percentage on a line, or came with an import.
  tax_rate_id id,
  name text not null,
  -- Null where the tax was given as an amount that no rate explains.
  percent text,
  inclusive boolean not null default false,
  taxable minor_units not null,
  tax minor_units not null,
  primary key (organization_id, invoice_id, position),
  foreign key (organization_id, invoice_id) references invoices
);
create index invoice_taxes_rate on invoice_taxes (organization_id, tax_rate_id, invoice_id);
call wall_off('invoice_taxes');
create policy portal on invoice_taxes to owed_portal using (
  organization_id = (select current_setting('owed.organization_id', true)) and exists (select from invoices i
    where i.organization_id = invoice_taxes.organization_id and i.id = invoice_taxes.invoice_id));
grant select on invoice_taxes to owed_portal;

-- The invoices that are there keep their tax: under its one rate where they had one, else as an amount.
insert into invoice_taxes (organization_id, invoice_id, position, name, percent, taxable, tax)
select i.organization_id, i.id, 1, 'Sales tax', l.percent, coalesce(l.taxable, i.subtotal), i.tax
from invoices i left join lateral (
  select case when min(tax_rate) = max(tax_rate) then min(tax_rate) end as percent, sum(amount) as taxable
  from invoice_lines where organization_id = i.organization_id and invoice_id = i.id and taxable) l on true
where i.tax <> 0;
