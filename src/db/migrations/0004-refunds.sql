-- Void and refund: money that goes back, at most once and never more than came in.

alter table payments
  -- What has been, or is being, given back: the sum of its refunds that have not failed; and how much of that comes out of
  -- unapplied cash.
  add column refunded minor_units not null default 0,
  add column unapplied_refunded minor_units not null default 0,
  -- The wish that it be voided. It stands until the payment has ended, has left for settlement, or the gateway refused.
  add column void_requested_at timestamptz,
  add column void_requested_by id,
  add column void_reason text,
  add column void_receipt boolean not null default true,
  add column void_tries int not null default 0,
  add column void_next_at timestamptz,
  add column void_refused_at timestamptz,
  add column void_refusal text,
  add constraint refunded_within_amount check (refunded >= 0 and refunded <= amount),
  -- What went back is in no pocket twice: neither applied nor refunded again.
  add constraint unapplied_refunded_within_unapplied check (unapplied_refunded >= 0 and unapplied_refunded <= refunded
    and applied + fee + unapplied_refunded <= amount),
  -- An application that was refunded stays where it is while the payment stands.
  add constraint refunded_of_what_is_applied check (ended_at is not null or refunded - unapplied_refunded <= applied + fee),
  add constraint void_or_refund check (state <> 'voided' or refunded = 0),
  add constraint refund_of_what_came check (refunded = 0 or posted_at is not null);
create index payments_void_due on payments (void_next_at) where void_next_at is not null;

create table refunds (
  organization_id id not null references organizations,
  id id not null,
  payment_id id not null,
  customer_id id not null,
  -- Minted by whoever asks, before asking: the second try finds the first. The hash tells another ask under the same key.
  request_key text collate "C" not null check (length(request_key) between 1 and 255),
  request_hash text not null,
  state text not null check (state in ('pending', 'unknown', 'submitted', 'settled', 'failed')),
  -- amount = fee_amount + from_unapplied + the lines: what the payer gets back.
  amount minor_units not null check (amount > 0),
  fee_amount minor_units not null default 0 check (fee_amount >= 0),
  from_unapplied minor_units not null default 0 check (from_unapplied >= 0),
  fee_handling text not null check (fee_handling in ('inclusive', 'exclusive')),
  currency text not null,
  reason text,
  -- Where the money is taken from: the gateway; or by hand, what is in hand, or the bank once it was deposited.
  account text not null check (account in ('undeposited_funds', 'bank', 'gateway_clearing')),
  -- Null: given back by hand, as check, cash or wire.
  gateway_account_id id,
  gateway_reference text,
  reference text,
  send_receipt boolean not null default true,
  user_id id,
  failure_code text,
  failure_message text,
  submitted_at timestamptz,
  lookups int not null default 0,
  next_lookup_at timestamptz,
  requested_at timestamptz not null,
  posted_at timestamptz,
  settled_at timestamptz,
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, payment_id) references payments,
  foreign key (organization_id, customer_id) references customers,
  check ((account = 'gateway_clearing') = (gateway_account_id is not null)),
  constraint parts_within_amount check (fee_amount + from_unapplied <= amount),
  constraint posted_once_known check ((posted_at is null) or state not in ('pending', 'unknown')),
  constraint known_is_posted check (posted_at is not null or state not in ('submitted', 'settled')),
  constraint failed_has_ended check ((state = 'failed') = (ended_at is not null))
) with (fillfactor = 85);
create unique index refunds_request_key on refunds (organization_id, request_key);
-- One refund at the gateway is one of ours.
create unique index refunds_gateway_reference on refunds (organization_id, gateway_account_id, gateway_reference)
  where gateway_reference is not null;
create index refunds_payment on refunds (organization_id, payment_id, id);
create index refunds_customer on refunds (organization_id, customer_id, id);
create index refunds_in_progress on refunds (organization_id, id) where state in ('pending', 'unknown', 'submitted');
create index refunds_lookup on refunds (next_lookup_at) where next_lookup_at is not null;

-- Which invoice's money went back. It stays applied there: a refund never reopens an invoice.
create table refund_lines (
  organization_id id not null,
  refund_id id not null,
  line_no smallint not null check (line_no >= 1),
  invoice_id id not null,
  amount minor_units not null check (amount > 0),
  primary key (organization_id, refund_id, invoice_id),
  foreign key (organization_id, refund_id) references refunds,
  foreign key (organization_id, invoice_id) references invoices
);
create index refund_lines_invoice on refund_lines (organization_id, invoice_id);

call wall_off('refunds', true);
call wall_off('refund_lines');
