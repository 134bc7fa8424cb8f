-- Estimates that become invoices, deposits on them, and invoices as machines read them.

alter table organizations
  add column estimate_number_prefix text not null default 'EST-',
  add column next_estimate_number bigint not null default 1001;

create table estimates (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  number text collate "C" not null check (length(number) between 1 and 60),
  currency text not null,
  estimate_date date not null,
  -- The last day on which it can be accepted.
  expires_on date not null,
  po_number text,
  memo text,
  subtotal minor_units not null,
  tax minor_units not null default 0,
  total minor_units not null check (total > 0),
  -- What is asked for ahead: a decimal string in percent, or an amount; `deposit` is what comes of it.
  deposit_percent text,
  deposit minor_units not null default 0,
  -- True: accepting it makes the deposit invoice.
  deposit_at_once boolean not null default true,
  -- Raised by each change, so that nobody accepts other words than those on their page.
  revision int not null default 0,
  -- Raising it withdraws every link that was sent before, as with invoices.
  link_version int not null default 0,
  sent_at timestamptz,
  viewed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  constraint estimate_adds_up check (subtotal + tax = total),
  constraint deposit_within_total check (deposit >= 0 and deposit <= total),
  constraint estimate_expires_later check (expires_on >= estimate_date)
);
create unique index estimates_number on estimates (organization_id, number);
create index estimates_customer on estimates (organization_id, customer_id, id desc);
create index estimates_id on estimates (id);
call wall_off('estimates', true);

create table estimate_lines (
  organization_id id not null,
  estimate_id id not null,
  line_no int not null check (line_no between 1 and 2000),
  item_name text not null default '',
  description text not null default '',
  quantity text not null default '1',
  unit_price text not null default '0',
  amount minor_units not null,
  taxable boolean not null default false,
  tax_rate text not null default '0',
  primary key (organization_id, estimate_id, line_no),
  foreign key (organization_id, estimate_id) references estimates
);
call wall_off('estimate_lines');
create policy portal on estimate_lines to owed_portal using (
  organization_id = (select current_setting('owed.organization_id', true))
  and exists (select from estimates e where e.organization_id = estimate_lines.organization_id and e.id = estimate_id));
grant select on estimate_lines to owed_portal;

-- What became of it, once: the words as they stood, who said so, when and from where. It is never edited.
create table estimate_answers (
  organization_id id not null,
  estimate_id id not null,
  customer_id id not null,
  answer text not null check (answer in ('accepted', 'declined')),
  name text not null check (length(name) between 1 and 120),
  reason text,
  revision int not null,
  -- Sha-256 of what was accepted, in the canonical form that the event keeps.
  document_hash text not null,
  ip text,
  user_agent text,
  -- The user who took it down for the customer; null: the customer said it on the page.
  taken_by id,
  answered_at timestamptz not null,
  primary key (organization_id, estimate_id),
  foreign key (organization_id, estimate_id) references estimates
);
call wall_off('estimate_answers', true);
revoke update, delete on estimate_answers from owed_app, owed_system;

-- The chain from an estimate to what was billed of it.
create table estimate_invoices (
  organization_id id not null,
  estimate_id id not null,
  invoice_id id not null,
  customer_id id not null,
  kind text not null check (kind in ('deposit', 'part')),
  -- Of what was left when it was made, in hundredths of a percent of the estimate.
  share_bps int not null check (share_bps between 0 and 10000),
  -- What it takes of each line, and of the tax.
  line_amounts bigint[] not null default '{}',
  tax minor_units not null,
  -- The deposit that it deducts, by this credit memo.
  deducted minor_units not null default 0 check (deducted >= 0),
  credit_memo_id id,
  created_at timestamptz not null,
  primary key (organization_id, estimate_id, invoice_id),
  foreign key (organization_id, estimate_id) references estimates,
  foreign key (organization_id, invoice_id) references invoices,
  foreign key (organization_id, credit_memo_id) references credit_memos,
  constraint deduction_has_its_memo check ((deducted > 0) = (credit_memo_id is not null))
);
create unique index estimate_invoices_invoice on estimate_invoices (organization_id, invoice_id);
call wall_off('estimate_invoices', true);

-- Which structured form goes along with an organization's invoices, and what a customer wants instead.
create table e_invoice_policies (
  organization_id id primary key references organizations,
  format text not null check (format in ('none', 'ubl', 'factur_x')),
  updated_at timestamptz not null
);
call wall_off('e_invoice_policies');

create table e_invoice_buyers (
  organization_id id not null references organizations,
  customer_id id not null,
  -- Null: as the organization does.
  format text check (format in ('none', 'ubl', 'factur_x')),
  tax_id text check (length(tax_id) between 1 and 40),
  buyer_reference text check (length(buyer_reference) between 1 and 100),
  updated_at timestamptz not null,
  primary key (organization_id, customer_id),
  foreign key (organization_id, customer_id) references customers
);
call wall_off('e_invoice_buyers', true);

-- What a mail about an estimate or a credit memo brings along is set by the job that finds them here.
alter table messages add column estimate_id id, add column credit_memo_id id;
