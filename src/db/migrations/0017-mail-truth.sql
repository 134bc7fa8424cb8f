-- What became of mail after it left: delivered, opened, come back, complained about, answered.

alter table organizations
  add column track_opens boolean not null default false,
  add column track_clicks boolean not null default false;

alter table messages
  drop constraint messages_state_check,
  add constraint messages_state_check check (state in ('queued', 'sent', 'failed', 'soft_bounced', 'delivered', 'opened',
    'clicked', 'bounced', 'complained', 'suppressed')),
  -- A person has dealt with its not arriving.
  add column put_right_at timestamptz;
create index messages_not_arrived on messages (organization_id, id)
  where state in ('failed', 'soft_bounced', 'bounced', 'complained') and channel = 'email' and put_right_at is null;

-- One row for each thing that was learned of one reader: a second word of the same is nothing new.
create table message_news (
  organization_id id not null references organizations,
  message_id id not null,
  -- In small letters; empty where it is not known which of several readers it was.
  email text collate "C" not null,
  kind text not null check (kind in ('soft_bounced', 'delivered', 'opened', 'clicked', 'bounced', 'complained')),
  reason text not null default '' check (length(reason) <= 1000),
  at timestamptz not null,
  primary key (organization_id, message_id, email, kind),
  foreign key (organization_id, message_id) references messages
);
call wall_off('message_news');

-- What came in by mail or from a mail provider, kept as it came until it is worked. It belongs to the installation: one
-- call of a provider tells of many organizations' mail.
create table mail_arrivals (
  id id primary key,
  door text not null check (door in ('mime', 'postmark', 'sendgrid', 'mailgun', 'ses')),
  hash text collate "C" not null,
  -- Whom the envelope named; a provider's call has none.
  readers text[] not null default '{}',
  raw bytea not null,
  state text not null check (state in ('received', 'worked', 'failed')),
  outcome text,
  attempts int not null default 0,
  received_at timestamptz not null,
  worked_at timestamptz,
  unique (door, hash),
  constraint worked_has_its_time check ((state = 'worked') = (worked_at is not null))
);
create index mail_arrivals_unworked on mail_arrivals (received_at) where state <> 'worked';
create index mail_arrivals_worked on mail_arrivals (worked_at) where state = 'worked';
grant select, insert, update, delete on mail_arrivals to owed_system;

-- What a customer wrote back.
create table replies (
  organization_id id not null references organizations,
  id id not null,
  message_id id not null,
  customer_id id,
  invoice_id id,
  from_name text not null,
  from_email text not null,
  subject text not null,
  text text not null,
  quoted text not null,
  -- The mail's own Message-ID, or its hash where it has none: the same mail twice is one reply.
  mail_key text collate "C" not null,
  left_out text[] not null default '{}',
  received_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, message_id, mail_key),
  foreign key (organization_id, message_id) references messages,
  foreign key (organization_id, customer_id) references customers
);
create index replies_customer on replies (organization_id, customer_id, id) where customer_id is not null;
create index replies_invoice on replies (organization_id, invoice_id, id) where invoice_id is not null;
call wall_off('replies');

create table reply_attachments (
  organization_id id not null references organizations,
  reply_id id not null,
  file_name text not null,
  content_type text not null,
  bytes bytea not null,
  primary key (organization_id, reply_id, file_name),
  foreign key (organization_id, reply_id) references replies
);
call wall_off('reply_attachments');

-- The domain that an organization's own mail comes from, once its records are in the DNS.
create table sending_domains (
  organization_id id primary key references organizations,
  domain text collate "C" not null check (domain = lower(domain) and length(domain) between 3 and 200),
  from_local text not null check (from_local ~ '^[a-z0-9._+-]{1,64}$'),
  selector text not null,
  private_key bytea not null,
  public_key text not null,
  state text not null check (state in ('pending', 'verified', 'failed')),
  -- What was found for each record when it was last looked at.
  checks jsonb not null default '[]',
  checked_at timestamptz,
  verified_at timestamptz,
  created_at timestamptz not null
);
call wall_off('sending_domains');

-- Customers who cannot be written to: only those without an address, in the order they are read.
create index customers_without_email on customers (organization_id, name_key, id)
  where email is null and deactivated_at is null;
drop index customers_id;
create unique index customers_id on customers (id);
drop index messages_id;
create unique index messages_id on messages (id);
