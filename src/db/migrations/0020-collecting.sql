-- What the rooms of collecting share (docs/decisions/0014): charges that Owed makes by itself under a standing
-- agreement, and what the payer pays on top.

alter table payments drop constraint payments_source_check,
  add constraint payments_source_check check (source in ('portal', 'invoice_link', 'statement_link', 'payment_page',
    'staff', 'api', 'import', 'virtual_terminal', 'autopay', 'schedule', 'plan_down_payment', 'plan_installment')),
  -- The standing agreement under which it was charged.
  add column authorization_id id,
  -- What the part on top is, where there is one.
  add column fee_kind text check (fee_kind in ('surcharge', 'dual_pricing', 'convenience_fee')),
  add constraint fee_has_a_kind check (fee_kind is null or fee > 0),
  add foreign key (organization_id, authorization_id) references authorizations;
create index payments_authorization on payments (organization_id, authorization_id, id)
  where authorization_id is not null;

-- A standing agreement: its words as for every other, and what they allow as figures that a charge is held against.
alter table authorizations drop constraint authorizations_kind_check,
  add constraint authorizations_kind_check check (kind in ('bank_debit', 'payment_terms', 'card_on_file', 'autopay',
    'schedule', 'payment_plan', 'card_fee')),
  add column terms jsonb;

-- An agreement is never changed; that it was taken back is a row of its own.
create table authorization_revocations (
  organization_id id not null references organizations,
  authorization_id id not null,
  customer_id id not null,
  revoked_at timestamptz not null,
  reason text not null check (length(reason) between 1 and 300),
  portal_user_id id,
  user_id id,
  primary key (organization_id, authorization_id),
  foreign key (organization_id, authorization_id) references authorizations,
  foreign key (organization_id, customer_id) references customers
);
create index authorization_revocations_customer on authorization_revocations (organization_id, customer_id);
call wall_off('authorization_revocations', true);
revoke update, delete on authorization_revocations from owed_app, owed_system;

-- The active payment plan that pays this invoice: autopay leaves it alone, and no card fee is added to it.
alter table invoices add column payment_plan_id id;
create index invoices_payment_plan on invoices (organization_id, payment_plan_id) where payment_plan_id is not null;

alter table organizations add column default_allow_payment_plans boolean not null default false;
alter table customers add column allow_payment_plans boolean not null default false;
alter table customer_type_defaults add column allow_payment_plans boolean not null default false;
