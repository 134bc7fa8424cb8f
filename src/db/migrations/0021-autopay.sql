-- Autopay, and what all charges that Owed makes by itself share when one fails (docs/decisions/0014).

-- How often a card that said no may be tried again, as its network allows (money.md, 6). Tables of no organization:
-- everybody reads them, only a migration writes them.
create table card_retry_limits (
  -- Of several rows of one brand, each holds.
  brand text collate "C" not null check (brand in ('visa', 'mastercard')),
  key text collate "C" not null check (key in ('never', 'per_window', 'per_day')),
  effective_from date not null default '2000-01-01',
  effective_to date check (effective_to > effective_from),
  title text not null,
  -- At most so many tries of a card in so many days; null where the codes are never tried again.
  limit_value int check (limit_value > 0),
  window_days int check (window_days > 0),
  -- The network's own codes, and what gateways make of them in our words.
  network_codes text[] not null default '{}',
  decline_codes text[] not null default '{}',
  source text not null,
  note text,
  severity text not null check (severity in ('block', 'warn', 'inform')),
  primary key (brand, key, effective_from),
  constraint limit_or_never check ((key = 'never') = (limit_value is null) and (limit_value is null) = (window_days is null))
);
insert into card_retry_limits (brand, key, effective_from, effective_to, title, limit_value, window_days, network_codes,
  decline_codes, source, note, severity) values
('visa', 'never', '2000-01-01', null, 'Category 1: the issuer will never approve', null, null,
  '{04,07,12,14,15,41,43,46,57,R0,R1,R3}',
  '{lost_or_stolen,incorrect_details,method_not_supported,method_gone}',
  'https://support.checkout.com/hc/en-us/articles/25482040901394',
  'Which codes are of the category is the trade’s list; gateways pass them on in words of their own.', 'block'),
('visa', 'per_window', '2000-01-01', '2025-05-19', 'Tries of one card in 30 days', 15, 30, '{}', '{}',
  'https://support.checkout.com/hc/en-us/articles/25482040901394',
  'The first try is counted too, which is the stricter reading.', 'block'),
('visa', 'per_window', '2025-05-19', null, 'Tries of one card in 30 days', 20, 30, '{}', '{}',
  'https://www.payway.com/visa-excessive-reattempts-rule-fees',
  'The first try is counted too, which is the stricter reading. Each beyond costs $0.10, and $0.05 more across borders.',
  'block'),
('mastercard', 'never', '2000-01-01', null, 'Advice 03 and 21: do not try again', null, null, '{03,21}',
  '{lost_or_stolen,incorrect_details,method_not_supported,method_gone}',
  'https://support.checkout.com/hc/en-us/articles/25482040901394',
  'Gateways pass the advice on in words of their own.', 'block'),
('mastercard', 'per_day', '2000-01-01', null, 'Tries of one card in 24 hours', 10, 1, '{}', '{}',
  'https://support.checkout.com/hc/en-us/articles/25482040901394',
  'Counted by days: the day before counts whole, which is the stricter reading.', 'block'),
('mastercard', 'per_window', '2000-01-01', null, 'Tries of one card in 30 days', 35, 30, '{}', '{}',
  'https://support.checkout.com/hc/en-us/articles/25482040901394',
  'The first try is counted too, which is the stricter reading.', 'block');

-- What the payer of a bank debit is told before it, and how long before.
create table debit_notice_rules (
  key text collate "C" not null check (key in ('changed_amount', 'changed_date')),
  effective_from date not null default '2000-01-01',
  effective_to date check (effective_to > effective_from),
  title text not null,
  notice_days int not null check (notice_days > 0),
  source text not null,
  note text,
  severity text not null check (severity in ('block', 'warn', 'inform')),
  primary key (key, effective_from)
);
insert into debit_notice_rules (key, title, notice_days, source, note, severity) values
('changed_amount', 'Notice of an amount that varies', 10,
  'https://www.consumerfinance.gov/rules-policy/regulations/1005/2016-11-14/10/',
  'Not needed within a range that the payer agreed to: a maximum is one. The rule is of consumers’ accounts; whose account '
  'it is, is not known here, so it is kept for all.', 'block'),
('changed_date', 'Notice of another day than agreed', 7,
  'https://developer.cybersource.com/docs/cybs/en-us/echeck/user/all/rest/echeck-user-guide.html',
  'Autopay never charges before the day that it told.', 'inform');
grant select on card_retry_limits, debit_notice_rules to owed_app, owed_portal, owed_system;

alter table organizations
  -- How often a soft decline is tried again, and after how many days; 0: it is not.
  add column failed_charge_retries smallint not null default 0 check (failed_charge_retries between 0 and 4),
  add column failed_charge_retry_days smallint not null default 3 check (failed_charge_retry_days between 1 and 30),
  -- Whether the organization is told of each charge of its own that failed.
  add column email_failed_charges boolean not null default true;
create index payments_declined_method on payments (organization_id, payment_method_id, received_on)
  where state = 'declined' and payment_method_id is not null;

-- Who gets what a customer is told and pays what it owes: the parent where it bills with one, as far up as that goes.
create function billed_to(organization text, customer text) returns text language sql stable as $$
  with recursive up(id, parent_id, depth) as (
    select id::text, case when bill_with_parent then parent_id::text end, 1 from customers
      where organization_id = organization and id = customer
    union all
    select p.id::text, case when p.bill_with_parent then p.parent_id::text end, u.depth + 1
      from up u join customers p on p.organization_id = organization and p.id = u.parent_id where u.depth < 6)
  select id from up order by depth desc limit 1
$$;
grant execute on function billed_to(text, text) to owed_app, owed_portal, owed_system;

-- What payers are offered who switch autopay on themselves.
alter table organizations
  add column autopay_when text not null default 'created' check (autopay_when in ('created', 'invoice_date', 'due_date')),
  add column autopay_notice_days smallint not null default 0 check (autopay_notice_days between 0 and 30);
-- An invoice that is revised after autopay was switched on is charged like a new one.
alter table invoices add column revised_at timestamptz;
alter table method_links add column offers_autopay boolean not null default false;

-- Autopay of a customer, under the agreement that it names; ended, it stays as it was.
create table autopays (
  organization_id id not null references organizations,
  customer_id id not null,
  payment_method_id id not null,
  authorization_id id not null,
  charge_when text not null check (charge_when in ('created', 'invoice_date', 'due_date')),
  threshold_direction text check (threshold_direction in ('at_or_below', 'at_or_above')),
  threshold_amount minor_units check (threshold_amount > 0),
  -- Of one charge; what is above it is asked for again.
  maximum_amount minor_units check (maximum_amount > 0),
  notice_days smallint not null check (notice_days between 0 and 30),
  -- Invoices issued or revised from here on.
  since timestamptz not null,
  set_at timestamptz not null,
  ended_at timestamptz,
  ended_why text check (ended_why in ('by_staff', 'by_payer', 'card_expired', 'method_blocked', 'method_removed',
    'method_refused')),
  primary key (organization_id, customer_id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, payment_method_id) references payment_methods,
  foreign key (organization_id, authorization_id) references authorizations,
  constraint threshold_whole check ((threshold_direction is null) = (threshold_amount is null)),
  constraint ended_with_reason check ((ended_at is null) = (ended_why is null))
);
create index autopays_running on autopays (organization_id, customer_id) where ended_at is null;
create index autopays_method on autopays (organization_id, payment_method_id) where ended_at is null;
call wall_off('autopays', true);

-- One try of one charge: of an invoice, or of several of one customer at once.
create table autopay_runs (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  -- Whose autopay it is: the parent's, where the customer bills with one.
  payer_id id not null,
  payment_method_id id not null,
  authorization_id id not null,
  run_on date not null,
  amount minor_units not null check (amount > 0),
  currency text not null,
  -- Null: it was refused before it was asked for, and the reason says why.
  payment_id id,
  failed_at timestamptz,
  failed_why text,
  next_try_on date,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, payment_id) references payments,
  constraint failed_with_reason check ((failed_at is null) = (failed_why is null)),
  constraint only_failed_tried_again check (next_try_on is null or failed_at is not null)
);
create unique index autopay_runs_payment on autopay_runs (organization_id, payment_id) where payment_id is not null;
create index autopay_runs_failed on autopay_runs (organization_id, id desc) where failed_at is not null;
create index autopay_runs_customer on autopay_runs (organization_id, customer_id, id desc);
call wall_off('autopay_runs', true);

-- The key of autopay: an invoice has each of its tries once, whoever works it and however often.
create table autopay_tries (
  organization_id id not null references organizations,
  invoice_id id not null,
  try_no smallint not null check (try_no > 0),
  run_id id not null,
  customer_id id not null,
  primary key (organization_id, invoice_id, try_no),
  foreign key (organization_id, invoice_id) references invoices,
  foreign key (organization_id, run_id) references autopay_runs,
  foreign key (organization_id, customer_id) references customers
);
create index autopay_tries_run on autopay_tries (organization_id, run_id);
call wall_off('autopay_tries', true);
revoke update, delete on autopay_tries from owed_app, owed_system;

-- What a payer was told before a charge, or of an invoice that is above what was agreed.
create table autopay_notices (
  organization_id id not null references organizations,
  invoice_id id not null,
  kind text not null check (kind in ('over_maximum', 'debit')),
  authorization_id id not null,
  amount minor_units not null check (amount > 0),
  customer_id id not null,
  told_on date not null,
  -- The earliest day of the charge; null where there is none.
  charge_on date,
  primary key (organization_id, invoice_id, kind, authorization_id, amount),
  foreign key (organization_id, invoice_id) references invoices,
  foreign key (organization_id, customer_id) references customers,
  constraint debits_have_a_day check ((kind = 'debit') = (charge_on is not null))
);
call wall_off('autopay_notices', true);
revoke update, delete on autopay_notices from owed_app, owed_system;
