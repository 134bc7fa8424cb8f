-- What an organization still says of itself: a second colour, an icon, its portal's address, its week and its year; terms
-- and conditions in versions; and billing, for those who host Owed for others.

alter table organizations
  add column accent_color text check (accent_color ~ '^#[0-9a-f]{6}$'),
  -- 0 is Sunday.
  add column first_weekday smallint not null default 1 check (first_weekday between 0 and 6),
  add column fiscal_month smallint not null default 1 check (fiscal_month between 1 and 12),
  -- Bills the other organizations of this installation (docs/decisions/0021-billing.md); one at most.
  add column hosts boolean not null default false;
create unique index organizations_host on organizations (hosts) where hosts;

create table organization_icons (
  organization_id id primary key references organizations,
  content_type text not null check (content_type in ('image/png', 'image/svg+xml')),
  bytes bytea not null check (octet_length(bytes) <= 131072),
  hash text not null
);
call wall_off('organization_icons');
create policy portal on organization_icons to owed_portal
  using (organization_id = (select current_setting('owed.organization_id', true)));
grant select on organization_icons to owed_portal;

-- Where customers find the portal: /portal/<slug>. One that was left still leads there, and is nobody else's.
create table portal_addresses (
  organization_id id not null references organizations,
  slug text collate "C" not null check (slug ~ '^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$'),
  since timestamptz not null,
  left_at timestamptz,
  primary key (organization_id, slug)
);
create unique index portal_addresses_slug on portal_addresses (slug);
create unique index portal_addresses_current on portal_addresses (organization_id) where left_at is null;
call wall_off('portal_addresses');
create policy portal on portal_addresses to owed_portal
  using (organization_id = (select current_setting('owed.organization_id', true)));
grant select on portal_addresses to owed_portal;

-- What payers agree to by paying, and what portal users accept when a version asks for it. A version is never edited;
-- an empty text ends the terms.
create table payment_terms (
  organization_id id not null references organizations,
  version int not null check (version > 0),
  text text not null check (length(text) <= 20000),
  hash text not null,
  effective_on date not null,
  ask_again boolean not null,
  created_by id,
  created_at timestamptz not null,
  primary key (organization_id, version)
);
call wall_off('payment_terms');
revoke update on payment_terms from owed_app, owed_system;
create policy portal on payment_terms to owed_portal
  using (organization_id = (select current_setting('owed.organization_id', true)));
grant select on payment_terms to owed_portal;
insert into payment_terms (organization_id, version, text, hash, effective_on, ask_again, created_at)
select id, 1, payment_terms_text, encode(sha256(convert_to(payment_terms_text, 'UTF8')), 'hex'),
  (created_at at time zone time_zone)::date, false, created_at
from organizations where coalesce(payment_terms_text, '') <> '';
update authorizations a set version = '1' from payment_terms t
  where a.kind = 'payment_terms' and a.version is null and t.organization_id = a.organization_id and t.hash = a.hash;
alter table organizations drop column payment_terms_text;
create index authorizations_payment_terms on authorizations (organization_id, version, id) where kind = 'payment_terms';
create index authorizations_terms_accepted on authorizations (organization_id, portal_user_id, version)
  where kind = 'payment_terms' and portal_user_id is not null;

-- What the host sells. A plan's prices stay what they are: another price is another plan.
create table billing_plans (
  organization_id id not null references organizations,
  id id not null,
  name text not null check (length(name) between 1 and 100),
  description text not null default '' check (length(description) <= 500),
  every text not null check (every in ('month', 'year')),
  price minor_units not null check (price >= 0),
  trial_days int not null check (trial_days between 0 and 365),
  -- [{ meter, included, tiers: [{ up_to, price }] }] (src/features/billing/price-rules.ts)
  meters jsonb not null,
  tax_rate_ids text[] not null default '{}',
  created_at timestamptz not null,
  retired_at timestamptz,
  primary key (organization_id, id)
);
create unique index billing_plans_name on billing_plans (organization_id, name) where retired_at is null;
call wall_off('billing_plans');

-- Another organization of the installation has a plan; the customer stands for it in the host's books. These rows are
-- the host's: a subscriber reads the own one through the system's role, by its own id alone.
create table billing_subscriptions (
  organization_id id not null references organizations,
  id id not null,
  subscriber_id id not null references organizations,
  customer_id id not null,
  plan_id id not null,
  anchor_on date not null,
  cancels boolean not null default false,
  credit minor_units not null default 0 check (credit >= 0),
  created_at timestamptz not null,
  ended_on date,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, plan_id) references billing_plans,
  check (subscriber_id <> organization_id)
);
create unique index billing_subscriptions_subscriber on billing_subscriptions (organization_id, subscriber_id)
  where ended_on is null;
create index billing_subscriptions_customer on billing_subscriptions (organization_id, customer_id);
create index billing_subscriptions_subscribers on billing_subscriptions (subscriber_id);
call wall_off('billing_subscriptions');

create table billing_periods (
  organization_id id not null references organizations,
  subscription_id id not null,
  number int not null check (number > 0),
  plan_id id not null,
  is_trial boolean not null,
  -- What was billed ahead for it.
  base minor_units not null check (base >= 0),
  starts_on date not null,
  -- The first day after it.
  ends_on date not null,
  closed_on date,
  -- Quantities by meter, once it is closed.
  usage jsonb,
  -- What billed its use, and the base of the next.
  invoice_id id,
  primary key (organization_id, subscription_id, number),
  foreign key (organization_id, subscription_id) references billing_subscriptions,
  foreign key (organization_id, plan_id) references billing_plans,
  foreign key (organization_id, invoice_id) references invoices,
  check (ends_on > starts_on and closed_on between starts_on and ends_on)
);
create unique index billing_periods_open on billing_periods (organization_id, subscription_id) where closed_on is null;
create index billing_periods_due on billing_periods (organization_id, ends_on, subscription_id) where closed_on is null;
create index billing_periods_invoice on billing_periods (organization_id, invoice_id) where invoice_id is not null;
call wall_off('billing_periods');

-- What a subscriber used on a day, counted from its own rows.
create table billing_usage (
  organization_id id not null references organizations,
  subscriber_id id not null references organizations,
  day date not null,
  meter text not null check (meter in ('emails', 'texts', 'letters', 'payments', 'users')),
  quantity bigint not null check (quantity >= 0),
  primary key (organization_id, subscriber_id, day, meter)
);
call wall_off('billing_usage');
