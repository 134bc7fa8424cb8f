-- Credit memos have lines as invoices have them: what came back, at which price, under which rates. Those from before
-- keep their amounts, and their tax as an amount.
alter table credit_memos
  -- What of the tax is inside the prices, and so of the subtotal.
  add column tax_inside minor_units not null default 0,
  drop constraint credit_memo_adds_up,
  add constraint credit_memo_adds_up check (subtotal + tax - tax_inside = total);
alter table credit_memo_lines
  -- A line may take some of the credit back: what restocking costs.
  drop constraint credit_memo_lines_amount_check,
  add column item_name text not null default '',
  add column quantity text not null default '1',
  add column unit_price text not null default '0',
  add column taxable boolean not null default false,
  add column tax_rate text not null default '0',
  add column discount text not null default '',
  add column service_date date,
  add column taxes jsonb not null default '[]';

-- What tax a credit memo takes back under which rate: what a tax report sums.
create table credit_memo_taxes (
  organization_id id not null,
  credit_memo_id id not null,
  position int not null,
  tax_rate_id id,
  name text not null,
  -- Null where the tax was given as an amount.
  percent text,
  inclusive boolean not null default false,
  taxable minor_units not null,
  tax minor_units not null,
  primary key (organization_id, credit_memo_id, position),
  foreign key (organization_id, credit_memo_id) references credit_memos
);
call wall_off('credit_memo_taxes');

insert into credit_memo_taxes (organization_id, credit_memo_id, position, name, taxable, tax)
  select m.organization_id, m.id, 1, 'Credits', sum(l.amount), m.tax from credit_memos m
    join credit_memo_lines l on l.organization_id = m.organization_id and l.credit_memo_id = m.id and l.tax <> 0
    where m.tax <> 0 group by 1, 2, m.tax;
