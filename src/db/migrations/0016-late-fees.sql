-- Late fees (docs/decisions/0013): the terms as versions, each fee that was posted or waived, and how far the days of
-- each invoice are done with.

-- The terms as they were agreed; a change is a new version, and switching off is one too.
create table late_fee_policies (
  organization_id id not null references organizations,
  version int not null check (version > 0),
  is_active boolean not null,
  amount_type text not null check (amount_type in ('flat', 'percent', 'greater', 'both')),
  currency text not null,
  flat_amount minor_units not null check (flat_amount >= 0),
  percent text not null check (percent ~ '^[0-9]{1,3}(\.[0-9]{1,4})?$'),
  -- Whether the percentage is taken of earlier late fees too.
  compounds boolean not null,
  grace_days smallint not null check (grace_days between 0 and 365),
  -- Null: once.
  every_days smallint check (every_days between 1 and 365),
  max_fees smallint check (max_fees between 1 and 1000),
  cap_amount minor_units check (cap_amount > 0),
  cap_percent text check (cap_percent ~ '^[0-9]{1,3}(\.[0-9]{1,4})?$'),
  minimum_balance minor_units not null check (minimum_balance >= 0),
  terms_text text not null check (length(terms_text) <= 2000),
  terms_in_memo boolean not null,
  terms_in_reminders boolean not null,
  -- Only invoices due on or after this day.
  effective_from date not null,
  -- Whose law bounds it: rows of late_fee_ceilings.
  jurisdiction text,
  made_on date not null,
  created_at timestamptz not null,
  primary key (organization_id, version)
);
call wall_off('late_fee_policies');
revoke update, delete on late_fee_policies from owed_app, owed_system;
-- The terms are printed on a payer's invoice.
create policy portal on late_fee_policies to owed_portal
  using (organization_id = (select current_setting('owed.organization_id', true)));
grant select on late_fee_policies to owed_portal;

-- The version that an invoice due on a day is under, as rangesInForce of late-fees/rules.ts decides: of those since late
-- fees were last switched on, the newest that is effective then.
create function late_fee_policy_for(organization text, due date) returns setof late_fee_policies language sql stable as $$
  select * from late_fee_policies p where p.organization_id = organization and p.effective_from <= due
    and p.version > coalesce((select max(o.version) from late_fee_policies o
      where o.organization_id = organization and not o.is_active), 0)
  order by p.version desc limit 1
$$;
grant execute on function late_fee_policy_for(text, date) to owed_app, owed_portal, owed_system;

create table late_fees (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  invoice_id id not null,
  sequence int not null check (sequence > 0),
  policy_version int not null,
  state text not null check (state in ('posted', 'waived', 'removed')),
  -- Its own day in the rhythm of its invoice, whenever it was worked; the day of its journal entry.
  fell_due_on date not null,
  amount minor_units not null check (amount > 0),
  currency text not null,
  -- Why it was waived or removed.
  reason text not null default '' check (length(reason) <= 500),
  -- Removed when its invoice had been paid: what was paid for it is the customer's credit.
  credit_memo_id id,
  created_at timestamptz not null,
  removed_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, invoice_id) references invoices,
  foreign key (organization_id, policy_version) references late_fee_policies,
  foreign key (organization_id, credit_memo_id) references credit_memos,
  constraint removed_has_a_time check ((state = 'removed') = (removed_at is not null)),
  constraint credited_is_removed check (credit_memo_id is null or state = 'removed')
);
-- Promise 6: at most one fee for each invoice and number, whoever works when.
create unique index late_fees_once on late_fees (organization_id, invoice_id, sequence);
create index late_fees_state on late_fees (organization_id, state, id desc);
create index late_fees_customer on late_fees (organization_id, customer_id, id desc);
call wall_off('late_fees', true);

-- How far the days of an invoice are done with: the last one that is, and the fees posted or waived by then.
create table late_fee_clocks (
  organization_id id not null,
  invoice_id id not null,
  last_on date not null,
  taken int not null default 0 check (taken >= 0),
  -- Why the last day brought no fee.
  skipped text,
  primary key (organization_id, invoice_id),
  foreign key (organization_id, invoice_id) references invoices
) with (fillfactor = 85);
call wall_off('late_fee_clocks');

-- What was on and was taken off again by hand, and what customers said or objected to, is looked up by invoice.
create index disputes_of_invoice on disputes (organization_id, invoice_id);
create index promises_of_invoice on promises_to_pay (organization_id, invoice_id);

insert into ledger_accounts (organization_id, key, name, kind)
select id, 'late_fee_income', 'Late fee income', 'income' from organizations on conflict do nothing;

-- What the law or the trade says of late fees, shown beside the settings and held against them. A figure is a decimal;
-- `block` refuses the setting, `warn` warns, `inform` says it.
create table late_fee_ceilings (
  jurisdiction text not null check (jurisdiction ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$'),
  basis text not null check (basis in
    ('percent_per_month', 'percent_per_year', 'points_over_base_rate', 'fixed_amount', 'agreement')),
  title text not null,
  figure text check (figure ~ '^[0-9]+(\.[0-9]+)?$'),
  currency text,
  says text not null,
  severity text not null check (severity in ('block', 'warn', 'inform')),
  source text not null,
  -- What has no known date holds from the first day of this table.
  effective_from date not null default '2000-01-01',
  effective_to date check (effective_to > effective_from),
  primary key (jurisdiction, basis, title, effective_from),
  constraint amount_has_currency check ((basis = 'fixed_amount') = (currency is not null)),
  constraint figure_of_a_rate check ((basis = 'agreement') = (figure is null))
);
insert into late_fee_ceilings (jurisdiction, basis, title, figure, currency, says, severity, source) values
('US', 'agreement', 'Agreed before the invoice', null, null,
  'A late fee must be agreed before the invoice; printing it on the invoice is not enough. There is no federal rule between businesses: the contract, the usury law of the state and the bar on penalties decide.',
  'inform', 'https://legalclarity.org/maximum-invoice-late-fees-by-state-limits-and-rules/'),
('US', 'agreement', 'Without an agreement', null, null,
  'Where the contract is silent, the legal rate of the state applies: 5 to 12 % a year.',
  'inform', 'https://clearreceivables.com/blog/late-fee-laws-by-state'),
('US', 'percent_per_month', 'Common between businesses', '1.5', null,
  'Common is 1 to 1.5 % a month. More may be seen as a penalty.',
  'warn', 'https://legalclarity.org/maximum-invoice-late-fees-by-state-limits-and-rules/'),
('US', 'percent_per_year', 'Strictest written ceilings of states', '5', null,
  'Written ceilings are about 5 to 25 % a year by state, and about a dozen states have none for business. The strictest is held against your rate here until you have looked up your own state’s.',
  'inform', 'https://clearreceivables.com/blog/late-fee-laws-by-state'),
('US', 'percent_per_year', 'Highest written ceilings of states', '25', null,
  'Above 25 % a year the rate passes every written ceiling that the source names.',
  'warn', 'https://clearreceivables.com/blog/late-fee-laws-by-state'),
('US-NY', 'agreement', 'New York', null, null,
  'A reasonable late charge is treated as liquidated damages, and corporations may not plead usury.',
  'inform', 'https://getinvoicepdf.com/articles/how-to-charge-late-fees-legally.html'),
('EU', 'points_over_base_rate', 'Statutory interest (Directive 2011/7/EU)', '8', null,
  'Between businesses interest of at least 8 points over the reference rate of the European Central Bank is owed by law, without a reminder.',
  'inform', 'https://fiscavo.com/blog/late-payment-interest-eu-uk'),
('EU', 'fixed_amount', 'Fixed compensation (Directive 2011/7/EU)', '40', 'EUR',
  'A fixed sum of €40 for each late invoice is owed by law beside the interest.',
  'inform', 'https://fiscavo.com/blog/late-payment-interest-eu-uk'),
('EU', 'agreement', 'Days to pay (Directive 2011/7/EU)', null, null,
  'Thirty days unless agreed otherwise, and at most 60 unless expressly agreed.',
  'inform', 'https://bankpay.plus/late-payment'),
('GB', 'points_over_base_rate', 'Statutory interest', '8', null,
  'Between businesses interest of 8 points over the base rate is owed by law.',
  'inform', 'https://fiscavo.com/blog/late-payment-interest-eu-uk'),
('GB', 'fixed_amount', 'Fixed compensation', '100', 'GBP',
  'A fixed sum of £40, £70 or £100 for each late invoice is owed by law beside the interest.',
  'inform', 'https://bankpay.plus/late-payment');
grant select on late_fee_ceilings to owed_app, owed_system;
