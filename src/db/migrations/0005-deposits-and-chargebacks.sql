-- What reaches the bank: payouts of gateways, and deposits of checks and cash by hand (docs/decisions/0008). And what
-- is taken back through the card networks.

create table deposits (
  organization_id id not null references organizations,
  id id not null,
  kind text not null check (kind in ('hand', 'payout')),
  gateway_account_id id,
  gateway_reference text collate "C",
  state text not null check (state in ('in_transit', 'paid', 'failed', 'undone')),
  -- What the bank shows, and what it is made of: amount = gross − fees + returned, or there is a difference.
  amount minor_units not null,
  gross minor_units not null,
  fees minor_units not null,
  returned minor_units not null,
  difference minor_units not null default 0,
  currency text not null,
  made_on date not null,
  arrives_on date not null,
  memo text,
  -- The lines as the gateway told them, to see whether anything has changed.
  hash text not null,
  -- Why a person has to look, who, and what they found.
  exception text,
  owner_id id,
  resolved_at timestamptz,
  resolved_by id,
  resolution text,
  posted_at timestamptz,
  revision int not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, gateway_account_id) references gateway_accounts,
  check ((kind = 'payout') = (gateway_account_id is not null)),
  constraint deposit_adds_up check (amount = gross - fees + returned + difference),
  constraint deposit_posted_when_clear check (posted_at is null or exception is null or resolved_at is not null)
);
create unique index deposits_payout on deposits (organization_id, gateway_account_id, gateway_reference)
  where kind = 'payout';
create index deposits_arrives on deposits (organization_id, arrives_on, id);
create index deposits_exceptions on deposits (organization_id, arrives_on, id)
  where exception is not null and resolved_at is null;
call wall_off('deposits');

create table deposit_lines (
  organization_id id not null,
  deposit_id id not null,
  line_no int not null,
  reference text collate "C" not null,
  kind text not null check (kind in ('charge', 'refund', 'return', 'chargeback', 'chargeback_reversal', 'fee',
    'adjustment', 'hand')),
  payment_id id,
  refund_id id,
  gross minor_units not null,
  fee minor_units not null,
  net minor_units not null,
  description text not null,
  on_date date not null,
  primary key (organization_id, deposit_id, line_no),
  foreign key (organization_id, deposit_id) references deposits,
  constraint line_adds_up check (gross - fee = net)
);
create unique index deposit_lines_reference on deposit_lines (organization_id, deposit_id, reference);
create index deposit_lines_payment on deposit_lines (organization_id, payment_id) where payment_id is not null;
call wall_off('deposit_lines');

-- The deposit that a payment reached the bank with: one at most.
alter table payments add column deposit_id id;
create index payments_undeposited on payments (organization_id, received_on, id)
  where deposit_id is null and kind in ('check', 'cash', 'wire', 'other') and posted_at is not null and ended_at is null;

-- How far a gateway's news has been read.
alter table gateway_accounts add column payouts_read_to date, add column chargebacks_read_to timestamptz;

create table chargebacks (
  organization_id id not null references organizations,
  id id not null,
  gateway_account_id id not null,
  gateway_reference text collate "C" not null,
  payment_id id not null,
  customer_id id not null,
  state text not null check (state in ('opened', 'evidence_sent', 'won', 'lost')),
  amount minor_units not null check (amount > 0),
  currency text not null,
  code text not null,
  reason text not null,
  opened_at timestamptz not null,
  evidence_due_at timestamptz,
  evidence_text text,
  evidence_by id,
  evidence_asked_at timestamptz,
  evidence_sent_at timestamptz,
  evidence_error text,
  owner_id id,
  closed_at timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, gateway_account_id) references gateway_accounts,
  foreign key (organization_id, payment_id) references payments
);
create unique index chargebacks_reference on chargebacks (organization_id, gateway_account_id, gateway_reference);
create index chargebacks_payment on chargebacks (organization_id, payment_id);
create index chargebacks_open on chargebacks (organization_id, evidence_due_at, id) where state in ('opened', 'evidence_sent');
call wall_off('chargebacks');

create table chargeback_files (
  organization_id id not null,
  chargeback_id id not null,
  file_name text not null check (length(file_name) between 1 and 200),
  content_type text not null check (content_type in ('application/pdf', 'image/png', 'image/jpeg')),
  bytes bytea not null check (octet_length(bytes) <= 4194304),
  created_at timestamptz not null,
  primary key (organization_id, chargeback_id, file_name),
  foreign key (organization_id, chargeback_id) references chargebacks
);
call wall_off('chargeback_files');
