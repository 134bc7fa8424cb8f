-- Reminders: the steps of a policy, what went or was held of each, and the formal documents.

alter table dunning_policies
  -- One message for all that a customer has open, instead of one for each invoice.
  add column one_message boolean not null default false;

create table dunning_steps (
  organization_id id not null references organizations,
  id id not null,
  policy_id id not null,
  message_type text not null check (message_type in
    ('upcoming_payment', 'payment_due', 'payment_past_due', 'upcoming_late_fee')),
  -- Days after the due date, before it when negative. Of an upcoming late fee: before the day of the fee.
  day_offset int not null check (day_offset between -365 and 365),
  -- Again after so many days; null: once.
  every_days int check (every_days between 1 and 365),
  -- The last day, counted from the due date, on which it may go again; null: until it is paid.
  until_days_late int check (until_days_late between 1 and 3650),
  is_formal boolean not null default false,
  -- Words of its own; null: those of the organization for this type.
  subject text check (length(subject) between 1 and 300),
  body text check (length(body) between 1 and 20000),
  created_at timestamptz not null,
  -- What went by it stays, so it is never deleted.
  removed_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, policy_id) references dunning_policies,
  constraint step_says_what_is_true_on_its_day check (case message_type
    when 'payment_due' then day_offset = 0 when 'payment_past_due' then day_offset > 0 else day_offset < 0 end),
  constraint step_that_repeats check (every_days is null or message_type in ('upcoming_payment', 'payment_past_due')),
  constraint step_that_ends_repeats check (until_days_late is null or every_days is not null)
);
create index dunning_steps_policy on dunning_steps (organization_id, policy_id) where removed_at is null;
call wall_off('dunning_steps');

-- What one step said of one invoice, or why it has not. The unique key is the promise: at most once for each day on
-- which the step falls due.
create table reminders (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  invoice_id id not null,
  step_id id not null,
  -- The day on which the step fell due; after an outage it went later.
  due_on date not null,
  -- Which time of a step that repeats: 0, 1, …
  occurrence int not null check (occurrence >= 0),
  message_type text not null,
  state text not null check (state in ('sent', 'held')),
  -- The rule that holds it, or held it until it went.
  held_by text,
  held_on date,
  sent_on date,
  sent_at timestamptz,
  message_ids text[] not null default '{}',
  document_id id,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, invoice_id) references invoices,
  foreign key (organization_id, step_id) references dunning_steps,
  constraint sent_has_its_day check ((state = 'sent') = (sent_on is not null)),
  constraint held_names_its_rule check (state = 'sent' or (held_by is not null and held_on is not null))
);
create unique index reminders_once on reminders (organization_id, invoice_id, step_id, due_on);
create index reminders_invoice on reminders (organization_id, invoice_id, id desc);
create index reminders_customer on reminders (organization_id, customer_id, id desc);
call wall_off('reminders');

-- A formal reminder, kept as it was sent.
create table reminder_documents (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  number bigint not null check (number > 0),
  level int not null check (level > 0),
  made_on date not null,
  amount minor_units not null,
  -- The PDF as it went.
  file bytea not null check (octet_length(file) <= 10485760),
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers
);
create unique index reminder_documents_number on reminder_documents (organization_id, number);
create index reminder_documents_customer on reminder_documents (organization_id, customer_id, id desc);
call wall_off('reminder_documents');
alter table reminders add foreign key (organization_id, document_id) references reminder_documents;

-- A counter of its own: setting a document takes a moment, and must not hold up whoever numbers an invoice.
create table reminder_numbers (
  organization_id id primary key references organizations,
  next_number bigint not null default 1
);
call wall_off('reminder_numbers');

-- What the daily run asks of every open invoice, beside it: no look at reminders for the many that have had theirs.
-- In no index, so that writing them rewrites no index entry.
alter table invoices
  add column last_reminded_on date,
  add column last_fee_warned_on date;

-- A policy that suits most: three days before, on the day, then firmer, then every thirty days. For those who are here
-- and, called by create-organization.ts, for whoever comes.
create function first_dunning_policy(organization text, at timestamptz) returns void language sql as $$
  with policy as (
    insert into dunning_policies (organization_id, id, name, is_default, created_at, updated_at)
    values (organization, 'dun_' || substr(md5(gen_random_uuid()::text), 1, 22), 'Standard', true, at, at)
    on conflict do nothing returning id)
  insert into dunning_steps (organization_id, id, policy_id, message_type, day_offset, every_days, created_at)
  select organization, 'stp_' || substr(md5(gen_random_uuid()::text), 1, 22), policy.id, s.*, at
  from policy cross join (values ('upcoming_payment', -3, null::int), ('payment_due', 0, null),
    ('payment_past_due', 7, null), ('payment_past_due', 14, null), ('payment_past_due', 30, 30)) as s
$$;
select first_dunning_policy(id, now()) from organizations order by id;
