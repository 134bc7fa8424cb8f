-- Text messages and letters: who carries them, who agreed to them, when and where they may go.

alter table messages
  drop constraint messages_route_check,
  -- print: a letter that the organization prints and mails itself.
  add constraint messages_route_check check (route in ('smtp', 'mailbox', 'sms', 'letter', 'print')),
  -- The carrier's own name for what it took.
  add column carrier_reference text collate "C",
  -- A try's answer was lost: it is asked about before another one is made.
  add column outcome_unknown boolean not null default false,
  -- A letter that rests until its customer's address is confirmed.
  add column awaits_address boolean not null default false;
create unique index messages_carrier_reference on messages (organization_id, carrier_reference)
  where carrier_reference is not null;
create index messages_awaits_address on messages (organization_id, customer_id, id)
  where awaits_address and state = 'queued';
create index messages_to_print on messages (organization_id, id)
  where route = 'print' and state = 'queued' and not awaits_document;
create index messages_texts_waiting on messages (organization_id, to_phone)
  where channel = 'sms' and state = 'queued';
create index messages_by_channel on messages (organization_id, channel, id) where channel <> 'email';

alter table customers
  add column address_state text not null default 'unconfirmed' check (address_state in ('unconfirmed', 'confirmed')),
  -- What the postal service says of the billing address: its answer, and the spelling it proposes.
  add column address_finding jsonb;

alter table organizations
  -- business: within 09:00 to 18:00 on business days as well. law: as wide as the law lets.
  add column text_hours text not null default 'business' check (text_hours in ('business', 'law'));

-- An organization's account with a carrier of text messages or letters.
create table channel_accounts (
  organization_id id not null references organizations,
  id id not null,
  channel text not null check (channel in ('sms', 'paper')),
  vendor text not null,
  -- Encrypted with the installation's key (lib/secrets.ts).
  credentials bytea not null,
  -- What of the credentials may be seen: the number that texts come from.
  shown text not null,
  vendor_account text,
  checked_at timestamptz,
  check_problem text,
  created_at timestamptz not null,
  disconnected_at timestamptz,
  primary key (organization_id, id)
);
create unique index channel_accounts_one on channel_accounts (organization_id, channel) where disconnected_at is null;
create unique index channel_accounts_id on channel_accounts (id);
call wall_off('channel_accounts');

-- What carriers have told: verified, kept as it came with secrets blanked, worked later.
create table channel_webhooks (
  organization_id id not null references organizations,
  id id not null,
  channel_account_id id not null,
  event_key text collate "C" not null,
  hint jsonb not null,
  raw text not null,
  received_at timestamptz not null,
  worked_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, channel_account_id) references channel_accounts
);
create unique index channel_webhooks_event on channel_webhooks (organization_id, channel_account_id, event_key);
call wall_off('channel_webhooks');

-- Who agreed to text messages and who took it back, in the order it happened. Nothing in it is ever changed.
create table text_consents (
  organization_id id not null references organizations,
  id id not null,
  number bigint generated always as identity,
  -- Null: said by the phone itself, for whomever it is texted about.
  customer_id id,
  phone text collate "C" not null check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  kind text not null check (kind in ('given', 'withdrawn', 'stop', 'start')),
  -- What the person was shown, or what they wrote.
  words text not null check (length(words) between 1 and 2000),
  words_version text not null default '',
  source text not null check (source in ('portal', 'staff', 'text', 'carrier')),
  -- How staff knows of it: on paper, on the phone.
  note text not null default '' check (length(note) <= 500),
  said_by text not null,
  said_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  constraint the_phone_speaks_for_itself check ((customer_id is null) = (kind in ('stop', 'start')))
);
create index text_consents_phone on text_consents (organization_id, phone, number desc);
create index text_consents_customer on text_consents (organization_id, customer_id, number desc)
  where customer_id is not null;
call wall_off('text_consents', true);
revoke update, delete on text_consents from owed_app, owed_system;

-- When text messages may arrive, by the recipient's clock. All that hold at a place hold together.
create table text_quiet_hours (
  -- house: what Owed keeps unless an organization chooses the law's own hours. US, US-TX: of that country, that state.
  jurisdiction text not null,
  weekday smallint not null check (weekday between 1 and 7),
  opens time not null,
  closes time not null check (closes > opens),
  severity text not null check (severity in ('block', 'warn', 'inform')),
  effective_from date not null,
  source text not null,
  primary key (jurisdiction, weekday, effective_from)
);
insert into text_quiet_hours (jurisdiction, weekday, opens, closes, severity, effective_from, source)
select h.jurisdiction, d.day, h.opens::time, h.closes::time, 'block', h.since::date, h.source
from (values
  ('house', 1, 5, '09:00', '18:00', '2000-01-01', 'Owed: business hours of the recipient, narrower than any law known to it'),
  ('US', 1, 7, '08:00', '21:00', '2000-01-01', '47 CFR 64.1200(c)(1)'),
  ('US-FL', 1, 7, '08:00', '20:00', '2000-01-01', 'State law as listed by support.referrizer.com and blacklistalliance.com'),
  ('US-MD', 1, 7, '08:00', '20:00', '2000-01-01', 'State law as listed by support.referrizer.com and blacklistalliance.com'),
  ('US-MS', 1, 7, '08:00', '20:00', '2000-01-01', 'State law as listed by support.referrizer.com and blacklistalliance.com'),
  ('US-NJ', 1, 7, '08:00', '20:00', '2000-01-01', 'State law as listed by support.referrizer.com and blacklistalliance.com'),
  ('US-OK', 1, 7, '08:00', '20:00', '2000-01-01', 'State law as listed by support.referrizer.com and blacklistalliance.com'),
  ('US-CT', 1, 7, '09:00', '20:00', '2000-01-01', 'State law as listed by support.referrizer.com and blacklistalliance.com'),
  ('US-TX', 1, 6, '09:00', '21:00', '2000-01-01', 'State law as listed by support.referrizer.com and blacklistalliance.com'),
  ('US-TX', 7, 7, '12:00', '21:00', '2000-01-01', 'State law as listed by support.referrizer.com and blacklistalliance.com'),
  ('US-RI', 1, 5, '09:00', '18:00', '2000-01-01', 'State law as listed by support.referrizer.com and blacklistalliance.com'),
  ('US-RI', 6, 7, '10:00', '17:00', '2000-01-01', 'State law as listed by support.referrizer.com and blacklistalliance.com')
) as h(jurisdiction, first_day, last_day, opens, closes, since, source),
  lateral generate_series(h.first_day, h.last_day) as d(day);

-- The time zones that are kept in each state, after the tz database: one in two zones is held to both.
create table region_zones (
  country text not null,
  region text not null,
  name text not null,
  zones text[] not null check (cardinality(zones) > 0),
  primary key (country, region)
);
insert into region_zones (country, region, name, zones)
select 'US', r.region, r.name, string_to_array(r.zones, ' ') from (values
  ('AL', 'Alabama', 'America/Chicago'), ('AK', 'Alaska', 'America/Anchorage America/Adak'),
  ('AZ', 'Arizona', 'America/Phoenix America/Denver'), ('AR', 'Arkansas', 'America/Chicago'),
  ('CA', 'California', 'America/Los_Angeles'), ('CO', 'Colorado', 'America/Denver'),
  ('CT', 'Connecticut', 'America/New_York'), ('DE', 'Delaware', 'America/New_York'),
  ('DC', 'District of Columbia', 'America/New_York'), ('FL', 'Florida', 'America/New_York America/Chicago'),
  ('GA', 'Georgia', 'America/New_York'), ('HI', 'Hawaii', 'Pacific/Honolulu'),
  ('ID', 'Idaho', 'America/Boise America/Los_Angeles'), ('IL', 'Illinois', 'America/Chicago'),
  ('IN', 'Indiana', 'America/Indiana/Indianapolis America/Chicago'), ('IA', 'Iowa', 'America/Chicago'),
  ('KS', 'Kansas', 'America/Chicago America/Denver'), ('KY', 'Kentucky', 'America/New_York America/Chicago'),
  ('LA', 'Louisiana', 'America/Chicago'), ('ME', 'Maine', 'America/New_York'), ('MD', 'Maryland', 'America/New_York'),
  ('MA', 'Massachusetts', 'America/New_York'), ('MI', 'Michigan', 'America/Detroit America/Menominee'),
  ('MN', 'Minnesota', 'America/Chicago'), ('MS', 'Mississippi', 'America/Chicago'), ('MO', 'Missouri', 'America/Chicago'),
  ('MT', 'Montana', 'America/Denver'), ('NE', 'Nebraska', 'America/Chicago America/Denver'),
  ('NV', 'Nevada', 'America/Los_Angeles America/Denver'), ('NH', 'New Hampshire', 'America/New_York'),
  ('NJ', 'New Jersey', 'America/New_York'), ('NM', 'New Mexico', 'America/Denver'), ('NY', 'New York', 'America/New_York'),
  ('NC', 'North Carolina', 'America/New_York'), ('ND', 'North Dakota', 'America/Chicago America/Denver'),
  ('OH', 'Ohio', 'America/New_York'), ('OK', 'Oklahoma', 'America/Chicago'),
  ('OR', 'Oregon', 'America/Los_Angeles America/Boise'), ('PA', 'Pennsylvania', 'America/New_York'),
  ('RI', 'Rhode Island', 'America/New_York'), ('SC', 'South Carolina', 'America/New_York'),
  ('SD', 'South Dakota', 'America/Chicago America/Denver'), ('TN', 'Tennessee', 'America/New_York America/Chicago'),
  ('TX', 'Texas', 'America/Chicago America/Denver'), ('UT', 'Utah', 'America/Denver'), ('VT', 'Vermont', 'America/New_York'),
  ('VA', 'Virginia', 'America/New_York'), ('WA', 'Washington', 'America/Los_Angeles'),
  ('WV', 'West Virginia', 'America/New_York'), ('WI', 'Wisconsin', 'America/Chicago'), ('WY', 'Wyoming', 'America/Denver'),
  ('PR', 'Puerto Rico', 'America/Puerto_Rico'), ('VI', 'U.S. Virgin Islands', 'America/St_Thomas'),
  ('GU', 'Guam', 'Pacific/Guam'), ('AS', 'American Samoa', 'Pacific/Pago_Pago'),
  ('MP', 'Northern Mariana Islands', 'Pacific/Saipan')
) as r(region, name, zones);
grant select on text_quiet_hours, region_zones to owed_app, owed_portal, owed_system;

-- The report of addresses that letters wait for: the same words as letters/queries.ts.
create index customers_paper_unconfirmed on customers (organization_id, id)
  where address_state = 'unconfirmed' and message_cells && array['new_invoice.paper', 'upcoming_payment.paper',
    'payment_due.paper', 'payment_past_due.paper', 'upcoming_late_fee.paper', 'statement.paper'];
