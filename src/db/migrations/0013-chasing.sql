-- What the rooms of chasing share: who may be written to, about what, by which channel, and what holds it back.

alter table organizations
  -- Nothing goes out by itself before this moment; null holds everything.
  add column automatic_messages_since timestamptz,
  -- The local hour from which a day's work is done.
  add column work_hour smallint not null default 8 check (work_hour between 0 and 23),
  add column send_to_inactive boolean not null default false,
  -- Seeds for each new customer, like the other defaults.
  add column default_send_reminders boolean not null default true,
  add column default_charge_late_fees boolean not null default true,
  -- `message type.channel`, for instance payment_due.email (correspondence/channel-rules.ts).
  add column default_message_cells text[] not null default array['new_invoice.email', 'invoice_updated.email',
    'paid_invoice.email', 'upcoming_payment.email', 'payment_due.email', 'payment_past_due.email',
    'upcoming_late_fee.email', 'statement.email'];

-- A formal ladder of reminders. The one without a type is for all others; a customer may have its own.
create table dunning_policies (
  organization_id id not null references organizations,
  id id not null,
  name text not null check (length(name) between 1 and 100),
  customer_type text,
  is_default boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz,
  primary key (organization_id, id)
);
create unique index dunning_policies_default on dunning_policies (organization_id) where is_default;
create unique index dunning_policies_type on dunning_policies (organization_id, customer_type)
  where customer_type is not null and archived_at is null;
call wall_off('dunning_policies');

alter table customers
  add column send_reminders boolean not null default true,
  add column charge_late_fees boolean not null default true,
  add column waive_next_late_fee boolean not null default false,
  add column bill_with_parent boolean not null default false,
  add column ignore_conflicts boolean not null default false,
  add column message_cells text[] not null default array['new_invoice.email', 'invoice_updated.email',
    'paid_invoice.email', 'upcoming_payment.email', 'payment_due.email', 'payment_past_due.email',
    'upcoming_late_fee.email', 'statement.email'],
  add column dunning_policy_id id,
  add foreign key (organization_id, dunning_policy_id) references dunning_policies,
  add constraint bills_with_a_parent check (parent_id is not null or not bill_with_parent);

alter table invoices
  add column reminders_off boolean not null default false,
  add column late_fees_off boolean not null default false,
  add column receipts_off boolean not null default false;

-- One outbox for all channels: an e-mail, a text message, a letter.
alter table messages
  add column channel text not null default 'email' check (channel in ('email', 'sms', 'paper')),
  add column to_phone text,
  add column to_address jsonb,
  -- The rule that kept it from going.
  add column suppressed_by text,
  drop constraint messages_to_emails_check,
  add constraint message_names_its_reader check (case channel when 'email' then cardinality(to_emails) > 0
    when 'sms' then to_phone is not null else to_address is not null end),
  add constraint suppressed_names_its_rule check ((state = 'suppressed') = (suppressed_by is not null)),
  drop constraint messages_route_check,
  add constraint messages_route_check check (route in ('smtp', 'mailbox', 'sms', 'letter'));

-- The words of a type of message in a channel, where the organization has its own.
create table message_templates (
  organization_id id not null references organizations,
  message_type text not null,
  channel text not null check (channel in ('email', 'sms', 'paper')),
  subject text not null check (length(subject) <= 300),
  body text not null check (length(body) <= 20000),
  updated_at timestamptz not null,
  primary key (organization_id, message_type, channel)
);
call wall_off('message_templates');

-- An address that mail is not sent to until it is repaired: it bounced for good, complained, or asked to be left alone.
create table email_problems (
  organization_id id not null references organizations,
  email text collate "C" not null check (email = lower(email)),
  kind text not null check (kind in ('hard_bounce', 'complaint', 'stopped')),
  reason text not null,
  message_id id,
  since timestamptz not null,
  primary key (organization_id, email)
);
call wall_off('email_problems');

-- A customer said when an invoice will be paid: chasing rests until then.
create table promises_to_pay (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  invoice_id id not null,
  amount minor_units not null check (amount > 0),
  promised_on date not null,
  state text not null check (state in ('open', 'kept', 'broken', 'withdrawn')),
  note text not null default '',
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, invoice_id) references invoices,
  constraint promise_ends_once check ((state = 'open') = (ended_at is null))
);
create unique index promises_open on promises_to_pay (organization_id, invoice_id) where state = 'open';
create index promises_due on promises_to_pay (organization_id, promised_on) where state = 'open';
create index promises_customer on promises_to_pay (organization_id, customer_id, id desc);
call wall_off('promises_to_pay', true);

-- A customer objects to an invoice: chasing and late fees rest until it is settled.
create table disputes (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  invoice_id id not null,
  reason text not null check (length(reason) between 1 and 2000),
  -- Looked at again on this day, by itself; null: only when a person ends it.
  rests_until date,
  state text not null check (state in ('open', 'resolved', 'withdrawn')),
  outcome text not null default '',
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, invoice_id) references invoices,
  constraint dispute_ends_once check ((state = 'open') = (ended_at is null))
);
create unique index disputes_open on disputes (organization_id, invoice_id) where state = 'open';
create index disputes_customer on disputes (organization_id, customer_id, id desc);
call wall_off('disputes', true);

-- Which parts of a local day's work are done (day.ts).
create table organization_days (
  organization_id id not null references organizations,
  day date not null,
  part text not null,
  done_at timestamptz not null,
  primary key (organization_id, day, part)
);
call wall_off('organization_days');
