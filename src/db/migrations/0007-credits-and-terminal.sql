-- Credit memos: what a business owes back to a customer, to be used up by invoices.

alter table organizations
  add column credit_memo_number_prefix text not null default 'CM-',
  add column next_credit_memo_number bigint not null default 1001;

create table credit_memos (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  number text collate "C" not null check (length(number) between 1 and 60),
  currency text not null,
  memo_date date not null,
  reason text,
  subtotal minor_units not null,
  tax minor_units not null default 0,
  total minor_units not null check (total > 0),
  -- What invoices have taken of it; the rest is available.
  applied minor_units not null default 0,
  issued_at timestamptz,
  voided_at timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  constraint credit_memo_adds_up check (subtotal + tax = total),
  constraint credit_within_total check (applied >= 0 and applied <= total),
  constraint credit_of_a_standing_memo check (applied = 0 or (issued_at is not null and voided_at is null))
);
create unique index credit_memos_number on credit_memos (organization_id, number);
create index credit_memos_customer on credit_memos (organization_id, customer_id, id);
call wall_off('credit_memos', true);

create table credit_memo_lines (
  organization_id id not null,
  credit_memo_id id not null,
  line_no int not null check (line_no between 1 and 200),
  description text not null,
  amount minor_units not null check (amount > 0),
  tax minor_units not null default 0 check (tax >= 0),
  primary key (organization_id, credit_memo_id, line_no),
  foreign key (organization_id, credit_memo_id) references credit_memos
);
call wall_off('credit_memo_lines');

-- Credit put against an invoice: applied → ended; a row is never reused.
create table credit_applications (
  organization_id id not null,
  id id not null,
  credit_memo_id id not null,
  invoice_id id not null,
  customer_id id not null,
  amount minor_units not null check (amount > 0),
  state text not null check (state in ('applied', 'ended')),
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, credit_memo_id) references credit_memos,
  foreign key (organization_id, invoice_id) references invoices,
  constraint ended_has_a_time check ((state = 'ended') = (ended_at is not null))
);
create index credit_applications_memo on credit_applications (organization_id, credit_memo_id);
create index credit_applications_invoice on credit_applications (organization_id, invoice_id);
call wall_off('credit_applications', true);
