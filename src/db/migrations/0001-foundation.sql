-- The foundation: organizations, people, customers, invoices, payments, the ledger, events, messages, imports.
-- organization_id leads every key of an organization's table, so the schema can be sharded by it.
-- Roles and row-level security are at the end, in one place.

-- The same as '^[a-z]{3}_[0-9a-z]{22}$' at a fifth of the price: PostgreSQL's bounded repetition costs 5 µs a value, and a
-- payment writes some 25 ids.
create domain id as text collate "C" check (value ~ '^[a-z][a-z][a-z]_[0-9a-z]+$' and length(value) = 26);
create domain minor_units as bigint check (value between -9000000000000 and 9000000000000);

create table organizations (
  id id primary key,
  name text not null check (length(name) between 1 and 200),
  legal_name text,
  mode text not null check (mode in ('live', 'sandbox')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  time_zone text not null,
  locale text not null default 'en-US',
  address jsonb not null default '{}',
  email text,
  phone text,
  website text,
  tax_id text,
  brand_color text not null default '#1f4d3f' check (brand_color ~ '^#[0-9a-f]{6}$'),
  -- A sandbox organization's clock runs ahead of the machine's by this much; a live one's never does.
  clock_offset_ms bigint not null default 0 check (clock_offset_ms >= 0),
  invoice_number_prefix text not null default 'INV-',
  next_invoice_number bigint not null default 1001,
  terms_days int not null default 30 check (terms_days between 0 and 365),
  invoice_footer text,
  payment_terms_text text,
  reply_to text,
  notify_emails text[] not null default '{}',
  email_organization_receipts boolean not null default true,
  attach_invoice_pdf boolean not null default false,
  allow_partial_payments boolean not null default false,
  -- Seeds for each new customer (product rule: copied at creation, no later effect).
  default_allow_card boolean not null default true,
  default_allow_bank_account boolean not null default true,
  default_allow_partial_payments boolean not null default true,
  default_portal_show_children boolean not null default false,
  default_portal_edit_profile boolean not null default true,
  default_portal_edit_methods boolean not null default true,
  default_portal_edit_autopay boolean not null default true,
  invoice_message_subject text,
  invoice_message_body text,
  created_at timestamptz not null,
  check (mode = 'sandbox' or clock_offset_ms = 0)
);

create table organization_logos (
  organization_id id primary key references organizations,
  content_type text not null check (content_type in ('image/png', 'image/jpeg', 'image/svg+xml')),
  bytes bytea not null check (octet_length(bytes) <= 2097152),
  hash text not null
);

-- People who work for organizations. One person, one e-mail, any number of organizations.
create table users (
  id id primary key,
  email text not null,
  first_name text not null default '',
  last_name text not null default '',
  password_hash text not null,
  -- The person who installed Owed: sees installation-wide things such as undelivered security mail.
  operator boolean not null default false,
  failed_sign_ins int not null default 0,
  locked_until timestamptz,
  disabled_at timestamptz,
  last_sign_in_at timestamptz,
  created_at timestamptz not null
);
create unique index users_email on users (lower(email));

create table organization_users (
  organization_id id not null references organizations,
  user_id id not null references users,
  roles text[] not null check (roles <@ array[
    'superuser', 'settings_manager', 'add_ons', 'receivables', 'payments', 'report_viewer', 'dashboard']),
  created_at timestamptz not null,
  primary key (organization_id, user_id)
);
create index organization_users_user on organization_users (user_id);

create table api_keys (
  organization_id id not null references organizations,
  id id not null,
  name text not null,
  token_hash text not null unique,
  last4 text not null,
  scopes text[] not null,
  created_by id,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (organization_id, id)
);

create table customers (
  organization_id id not null references organizations,
  id id not null,
  display_name text not null check (length(display_name) between 1 and 200),
  external_id text collate "C" check (length(external_id) between 1 and 200),
  business_name text,
  first_name text,
  last_name text,
  email text,
  cc_emails text[] not null default '{}',
  phone text,
  billing_address jsonb not null default '{}',
  shipping_address jsonb not null default '{}',
  customer_type text,
  parent_id id,
  notes text,
  terms_days int check (terms_days between 0 and 365),
  allow_card boolean not null,
  allow_bank_account boolean not null,
  allow_partial_payments boolean not null,
  send_receipts boolean not null default true,
  portal_show_children boolean not null,
  portal_edit_profile boolean not null,
  portal_edit_methods boolean not null,
  portal_edit_autopay boolean not null,
  import_batch_id id,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deactivated_at timestamptz,
  -- A column, because under row-level security an index serves no expression: lower() might tell of others' rows.
  name_key text generated always as (lower(display_name)) stored,
  search tsvector generated always as (to_tsvector('simple',
    coalesce(display_name, '') || ' ' || coalesce(business_name, '') || ' ' || coalesce(first_name, '') || ' '
    || coalesce(last_name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(external_id, ''))) stored,
  primary key (organization_id, id),
  foreign key (organization_id, parent_id) references customers
) with (fillfactor = 90);
create unique index customers_display_name on customers (organization_id, name_key);
create unique index customers_external_id on customers (organization_id, external_id) where external_id is not null;
create index customers_email on customers (lower(email)) where email is not null;
create index customers_search on customers using gin (search);
create index customers_created on customers (organization_id, created_at, id);
create index customers_inactive on customers (organization_id, id) where deactivated_at is not null;

create table items (
  organization_id id not null references organizations,
  id id not null,
  name text not null,
  description text,
  unit_price text not null default '0',
  taxable boolean not null default false,
  import_batch_id id,
  created_at timestamptz not null,
  primary key (organization_id, id)
);
create unique index items_name on items (organization_id, lower(name));

-- State is derived (docs/glossary.md): draft, open, pending, paid, void. Balances are in no index, so that posting a
-- payment rewrites no index entry (heap-only updates); closed_at moves only when the invoice closes or reopens.
create table invoices (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  number text collate "C" not null check (length(number) between 1 and 60),
  external_id text collate "C" check (length(external_id) between 1 and 200),
  currency text not null,
  invoice_date date not null,
  due_date date not null,
  terms text,
  po_number text,
  memo text,
  subtotal minor_units not null,
  tax minor_units not null default 0,
  total minor_units not null check (total >= 0),
  fees minor_units not null default 0 check (fees >= 0),
  applied minor_units not null default 0 check (applied >= 0),
  credited minor_units not null default 0 check (credited >= 0),
  written_off minor_units not null default 0 check (written_off >= 0),
  reserved minor_units not null default 0,
  balance_due bigint generated always as (total + fees - applied - credited - written_off) stored,
  revision int not null default 0,
  link_version int not null default 0,
  issued_at timestamptz,
  voided_at timestamptz,
  closed_at timestamptz,
  first_sent_at timestamptz,
  last_sent_at timestamptz,
  first_viewed_at timestamptz,
  last_viewed_at timestamptz,
  import_batch_id id,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  constraint balance_due_never_negative check (total + fees - applied - credited - written_off >= 0),
  constraint reserved_within_balance check
    (reserved >= 0 and reserved <= total + fees - applied - credited - written_off)
) with (fillfactor = 80);
create unique index invoices_number on invoices (organization_id, number);
create unique index invoices_external_id on invoices (organization_id, external_id) where external_id is not null;
create index invoices_open_due on invoices (organization_id, due_date, id)
  where closed_at is null and issued_at is not null;
create index invoices_open_customer on invoices (organization_id, customer_id, due_date, id)
  where closed_at is null and issued_at is not null;
-- The other sorts of what is open: old invoices are mostly closed, so the sorts of all would be walked past them. Due
-- dates go with dates and numbers, so whether one is late is told there without a look at the row.
create index invoices_open_date on invoices (organization_id, invoice_date, id, due_date)
  where closed_at is null and issued_at is not null;
create index invoices_open_number on invoices (organization_id, number, id, due_date)
  where closed_at is null and issued_at is not null;
create index invoices_open_total on invoices (organization_id, total, id)
  where closed_at is null and issued_at is not null;
create index invoices_customer on invoices (organization_id, customer_id, invoice_date, id);
-- closed_at stands at the end so that a list of what is closed passes what is not without a look at the row.
create index invoices_date on invoices (organization_id, invoice_date, id, closed_at);
create index invoices_due on invoices (organization_id, due_date, id, closed_at);
create index invoices_total on invoices (organization_id, total, id);
create index invoices_draft on invoices (organization_id, id) where issued_at is null;
-- The link in an invoice mail names the invoice alone.
create index invoices_id on invoices (id);

create table invoice_lines (
  organization_id id not null,
  invoice_id id not null,
  line_no int not null check (line_no between 1 and 2000),
  item_name text not null default '',
  description text not null default '',
  -- Quantity, unit price and rate are decimal strings: nothing rounds them on the way (house law 7).
  quantity text not null default '1',
  unit_price text not null default '0',
  amount minor_units not null,
  taxable boolean not null default false,
  tax_rate text not null default '0',
  primary key (organization_id, invoice_id, line_no),
  foreign key (organization_id, invoice_id) references invoices
);

create table gateway_accounts (
  organization_id id not null references organizations,
  id id not null,
  vendor text not null,
  name text not null,
  -- Encrypted with the installation's key (src/lib/secret-box.ts).
  credentials bytea not null,
  publishable_key text not null,
  created_at timestamptz not null,
  disconnected_at timestamptz,
  primary key (organization_id, id)
);
create unique index gateway_accounts_publishable_key on gateway_accounts (publishable_key);

create table payment_methods (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  gateway_account_id id not null,
  kind text not null check (kind in ('card', 'bank_account')),
  brand text not null,
  last4 text not null check (last4 ~ '^[0-9]{2,4}$'),
  expiry_year int,
  expiry_month int check (expiry_month between 1 and 12),
  funding text,
  stored_token text not null,
  state text not null default 'active' check (state in ('active', 'removed', 'blocked')),
  added_by text not null,
  created_at timestamptz not null,
  removed_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, gateway_account_id) references gateway_accounts
);
create index payment_methods_customer on payment_methods (organization_id, customer_id, id);

create table payments (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  -- Minted by whoever asks, before asking: the second try finds the first.
  request_key text collate "C" not null check (length(request_key) between 1 and 255),
  kind text not null check (kind in ('card', 'bank_account', 'check', 'cash', 'wire', 'other')),
  source text not null check (source in
    ('portal', 'invoice_link', 'staff', 'api', 'import', 'virtual_terminal')),
  state text not null check (state in ('pending', 'unknown', 'approved', 'settling', 'settled', 'declined',
    'submitted', 'accepted', 'collected', 'returned', 'voided')),
  amount minor_units not null check (amount > 0),
  applied minor_units not null default 0,
  currency text not null,
  received_on date not null,
  reference text,
  memo text,
  payer_name text,
  payer_email text,
  portal_user_id id,
  user_id id,
  send_receipt boolean not null default true,
  gateway_account_id id,
  payment_method_id id,
  -- What the gateway needs to charge: a token, never a number. Forgotten once the outcome is known.
  gateway_source jsonb,
  gateway_reference text,
  method_brand text,
  method_last4 text,
  method_funding text,
  decline_code text,
  decline_message text,
  return_code text,
  submitted_at timestamptz,
  lookups int not null default 0,
  next_lookup_at timestamptz,
  requested_at timestamptz not null,
  posted_at timestamptz,
  settled_at timestamptz,
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  constraint applied_within_amount check (applied >= 0 and applied <= amount)
) with (fillfactor = 85);
create unique index payments_request_key on payments (organization_id, request_key);
create index payments_customer on payments (organization_id, customer_id, id);
create index payments_received on payments (organization_id, received_on, id);
create index payments_in_progress on payments (organization_id, received_on, id)
  where state in ('pending', 'unknown', 'submitted', 'accepted', 'collected');
create index payments_failed on payments (organization_id, received_on, id)
  where state in ('declined', 'returned', 'voided');
create index payments_reference on payments (organization_id, reference) where reference is not null;
create index payments_lookup on payments (next_lookup_at) where next_lookup_at is not null;

-- Money reserved for, or applied to, an invoice. reserved → applied → ended; a row is never reused.
create table payment_applications (
  organization_id id not null,
  id id not null,
  payment_id id not null,
  invoice_id id not null,
  amount minor_units not null check (amount > 0),
  state text not null check (state in ('reserved', 'applied', 'ended')),
  created_at timestamptz not null,
  applied_at timestamptz,
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, payment_id) references payments,
  foreign key (organization_id, invoice_id) references invoices
) with (fillfactor = 85);
create index payment_applications_payment on payment_applications (organization_id, payment_id);
create index payment_applications_invoice on payment_applications (organization_id, invoice_id);

-- What a payer agreed to, as it stood.
create table authorizations (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  payment_id id,
  payment_method_id id,
  kind text not null check (kind in ('bank_debit', 'payment_terms')),
  text text not null,
  hash text not null,
  name text,
  portal_user_id id,
  ip text,
  user_agent text,
  accepted_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers
);

-- The receivables ledger: double entry, append-only.
create table ledger_accounts (
  organization_id id not null references organizations,
  key text collate "C" not null,
  name text not null,
  kind text not null check (kind in ('asset', 'liability', 'income', 'contra_income', 'expense')),
  primary key (organization_id, key)
);

create table journal_entries (
  organization_id id not null,
  id id not null,
  entry_date date not null,
  kind text not null,
  -- The invoice or payment that this entry is about; at most one entry per (source, kind, revision).
  source_id id not null,
  revision int not null default 0,
  created_at timestamptz not null,
  primary key (organization_id, id)
);
create unique index journal_entries_source on journal_entries (organization_id, source_id, kind, revision);

create table journal_lines (
  organization_id id not null,
  entry_id id not null,
  line_no smallint not null,
  account text collate "C" not null,
  customer_id id,
  invoice_id id,
  debit minor_units not null default 0 check (debit >= 0),
  credit minor_units not null default 0 check (credit >= 0),
  currency text not null,
  primary key (organization_id, entry_id, line_no),
  check ((debit = 0) <> (credit = 0))
);
create index journal_lines_invoice on journal_lines (organization_id, invoice_id) where invoice_id is not null;

-- An entry balances when it is written: checked once a statement over all its rows, which costs a fifth of a row
-- trigger and needs no deferral (docs/decisions/0003).
create function journal_lines_balance() returns trigger language plpgsql as $$
declare entry text;
begin
  select min(l.entry_id) into entry from (
    select n.entry_id from new_lines n
    group by n.organization_id, n.entry_id, n.currency having sum(n.debit) <> sum(n.credit)) l;
  if entry is not null then
    raise exception 'journal entry % does not balance', entry using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger journal_lines_balance after insert on journal_lines
  referencing new table as new_lines for each statement execute function journal_lines_balance();

-- Audit log, timeline, webhooks and reactions are this one table.
create table events (
  organization_id id not null,
  id id not null,
  type text collate "C" not null,
  subject_id id not null,
  customer_id id,
  actor_kind text not null,
  actor_id text,
  data jsonb not null default '{}',
  request_id text,
  occurred_at timestamptz not null,
  primary key (organization_id, id)
);
create index events_subject on events (organization_id, subject_id, id);
create index events_customer on events (organization_id, customer_id, id) where customer_id is not null;

create table messages (
  organization_id id not null references organizations,
  id id not null,
  kind text not null,
  state text not null check (state in ('queued', 'sent', 'failed', 'delivered', 'bounced', 'suppressed')),
  -- Where it goes: out by SMTP, or into the built-in mailbox.
  route text not null check (route in ('smtp', 'mailbox')),
  -- Mail that opens an account: its links are shown only in the sandbox and to the operator.
  security boolean not null default false,
  from_name text not null,
  from_email text not null,
  to_emails text[] not null check (cardinality(to_emails) > 0),
  cc_emails text[] not null default '{}',
  reply_to text,
  subject text not null,
  html text not null,
  text text not null,
  message_id text not null,
  customer_id id,
  invoice_id id,
  payment_id id,
  -- Who has it already, and who never will: a second try goes to the others alone.
  accepted_emails text[] not null default '{}',
  refused_emails text[] not null default '{}',
  -- A document has yet to be rendered and attached; until then the message waits.
  awaits_document boolean not null default false,
  -- At most one message for each key: `receipt pay_…`.
  dedupe_key text collate "C" check (length(dedupe_key) between 1 and 200),
  attempts int not null default 0,
  last_error text,
  -- While queued: when to try (again). While a try is under way: when it counts as lost.
  next_attempt_at timestamptz,
  created_at timestamptz not null,
  sent_at timestamptz,
  opened_at timestamptz,
  primary key (organization_id, id)
);
create unique index messages_dedupe on messages (organization_id, dedupe_key) where dedupe_key is not null;
create index messages_unsent on messages (organization_id, state, id) where state in ('queued', 'failed');
create index messages_payment on messages (organization_id, payment_id) where payment_id is not null;
create index messages_created on messages (organization_id, id desc);
create index messages_kind on messages (organization_id, kind, id);
create index messages_customer on messages (organization_id, customer_id, id) where customer_id is not null;
create index messages_invoice on messages (organization_id, invoice_id, id) where invoice_id is not null;
create index messages_due on messages (next_attempt_at) where next_attempt_at is not null;

create table message_attachments (
  organization_id id not null,
  message_id id not null,
  file_name text not null,
  content_type text not null,
  bytes bytea not null,
  primary key (organization_id, message_id, file_name),
  foreign key (organization_id, message_id) references messages
);

-- The portal's people. Sandbox and live people never mix: practice mail is readable by staff, so it must open nothing
-- that is real (docs/decisions/0005).
create table portal_users (
  id id primary key,
  realm text not null check (realm in ('live', 'sandbox')),
  email text not null,
  password_hash text not null,
  name text,
  email_confirmed_at timestamptz,
  failed_sign_ins int not null default 0,
  locked_until timestamptz,
  last_sign_in_at timestamptz,
  created_at timestamptz not null
);
create unique index portal_users_email on portal_users (realm, lower(email));

create table portal_invitations (
  organization_id id not null references organizations,
  customer_id id not null,
  email text not null,
  portal_user_id id references portal_users,
  sends int not null default 0,
  -- The last few times it was asked for; `mailed` is how many of the sends have become mails.
  recent_sends timestamptz[] not null default '{}',
  mailed int not null default 0,
  first_sent_at timestamptz not null,
  last_sent_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (organization_id, customer_id),
  foreign key (organization_id, customer_id) references customers
);
create index portal_invitations_email on portal_invitations (lower(email));

create table portal_memberships (
  organization_id id not null references organizations,
  customer_id id not null,
  portal_user_id id not null references portal_users,
  chosen_at timestamptz not null,
  revoked_at timestamptz,
  primary key (organization_id, customer_id, portal_user_id),
  foreign key (organization_id, customer_id) references customers
);
create index portal_memberships_user on portal_memberships (portal_user_id);

create table agreements (
  id id primary key,
  kind text not null,
  version int not null,
  text text not null,
  hash text not null,
  effective_at timestamptz not null,
  unique (kind, version)
);

create table agreement_acceptances (
  portal_user_id id not null references portal_users,
  agreement_id id not null references agreements,
  version int not null,
  hash text not null,
  ip text,
  user_agent text,
  accepted_at timestamptz not null,
  primary key (portal_user_id, agreement_id)
);

-- How often an e-mail address was tried at the portal's door, whether or not it has a login there: known and unknown
-- addresses are locked and limited alike, so nobody learns which are which. Only the address's hash is kept.
create table portal_guards (
  kind text not null check (kind in ('sign_in', 'confirmation', 'invitation', 'password_reset')),
  email_hash text not null,
  failures int not null default 0,
  locked_until timestamptz,
  mails timestamptz[] not null default '{}',
  last_at timestamptz not null,
  primary key (kind, email_hash)
);
create index portal_guards_last on portal_guards (last_at);

-- One signed-in browser. Only the hash of its token is kept.
create table sessions (
  id id primary key,
  token_hash text not null unique,
  user_id id references users,
  portal_user_id id references portal_users,
  organization_id id references organizations,
  customer_id id,
  csrf_secret text not null,
  ip text,
  user_agent text,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  check ((user_id is null) <> (portal_user_id is null))
);
create index sessions_user on sessions (user_id) where user_id is not null;
create index sessions_portal_user on sessions (portal_user_id) where portal_user_id is not null;

-- Single-use links. Only hashes; purpose and e-mail are checked when the link is opened.
create table link_tokens (
  id id primary key,
  purpose text not null check (purpose in
    ('installation', 'staff_sign_in', 'portal_invitation', 'email_confirmation', 'password_reset')),
  token_hash text not null unique,
  email text,
  user_id id references users,
  portal_user_id id references portal_users,
  organization_id id references organizations,
  customer_id id,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index link_tokens_portal_user on link_tokens (portal_user_id) where portal_user_id is not null;

create table idempotency_keys (
  organization_id id not null references organizations,
  scope text not null,
  key text collate "C" not null check (length(key) between 1 and 255),
  request_hash text not null,
  status int not null,
  response text not null,
  created_at timestamptz not null,
  primary key (organization_id, scope, key)
);
create index idempotency_keys_created on idempotency_keys (created_at);

create table webhooks_in (
  organization_id id not null references organizations,
  id id not null,
  gateway_account_id id not null,
  event_key text collate "C" not null,
  payment_ids text[] not null,
  raw text not null,
  received_at timestamptz not null,
  worked_at timestamptz,
  primary key (organization_id, id)
);
create unique index webhooks_in_event on webhooks_in (organization_id, gateway_account_id, event_key);

create table import_batches (
  organization_id id not null references organizations,
  id id not null,
  kind text not null check (kind in ('customers', 'invoices')),
  file_name text not null,
  state text not null check (state in
    ('reading', 'mapping', 'checking', 'checked', 'importing', 'imported', 'undoing', 'undone', 'failed')),
  header text[] not null default '{}',
  mapping jsonb not null default '{}',
  formats jsonb not null default '{}',
  questions jsonb not null default '[]',
  delimiter text not null default ',',
  rows_total bigint not null default 0,
  rows_done bigint not null default 0,
  rows_rejected bigint not null default 0,
  created_count bigint not null default 0,
  updated_count bigint not null default 0,
  unchanged_count bigint not null default 0,
  -- Rows that an undo left in place, because something was built on them since.
  kept_count bigint not null default 0,
  -- How far the work of the present state has come: it is resumed behind this line.
  done_through bigint not null default 0,
  send_invoices boolean not null default false,
  error text,
  user_id id,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  imported_at timestamptz,
  undone_at timestamptz,
  primary key (organization_id, id)
);

-- The file as it was read. group_no is the line of the first row of the same invoice: chunks take whole invoices.
-- 0: more rows under one number than an invoice may have.
create table import_rows (
  organization_id id not null,
  batch_id id not null,
  line_no bigint not null,
  group_no bigint not null,
  -- The earlier line with the same key, and the field that is the same.
  duplicate_of bigint,
  duplicate_by text,
  cells text[] not null,
  primary key (organization_id, batch_id, line_no)
);
-- Rows that continue an invoice; most files have few or none.
create index import_rows_group on import_rows (organization_id, batch_id, group_no, line_no) where group_no <> line_no;

create table import_problems (
  organization_id id not null,
  batch_id id not null,
  line_no bigint not null,
  problem_no smallint not null,
  column_name text not null,
  value text not null,
  reason text not null,
  -- Why an undo left this row in place; the others say why a row was rejected.
  kept boolean not null default false,
  primary key (organization_id, batch_id, line_no, problem_no)
);

-- What a batch did, so that it can be undone: the row as it was before, null where the batch made it. line_no is the
-- first line of the invoice, or the customer's.
create table import_changes (
  organization_id id not null,
  batch_id id not null,
  line_no bigint not null,
  target_id id not null,
  before jsonb,
  changed_at timestamptz not null,
  primary key (organization_id, batch_id, line_no)
);

create table workers (
  id text primary key,
  started_at timestamptz not null,
  last_seen_at timestamptz not null
);

-- The door to the job queue. graphile-worker's tables belong to their owner alone, so the application's roles get in
-- through these functions and nothing else.
create function enqueue_jobs(jobs json) returns void language plpgsql security definer
  set search_path = pg_catalog as $$
begin
  perform graphile_worker.add_jobs(array(
    select json_populate_record(null::graphile_worker.job_spec, j) from json_array_elements(jobs) j));
end $$;
