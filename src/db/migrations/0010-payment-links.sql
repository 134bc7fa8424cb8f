-- Two more ways to pay without a sign-in: all that a customer owes by one link, and money that has no invoice yet.

alter table payments drop constraint payments_source_check,
  add constraint payments_source_check check (source in ('portal', 'invoice_link', 'statement_link', 'payment_page',
    'staff', 'api', 'import', 'virtual_terminal'));

-- Raising it withdraws every statement link that was handed out before, as with invoices.
alter table customers add column statement_link_version int not null default 0;

-- A page made for one customer and one payment, which becomes unapplied cash. The link is signed, so staff can copy it
-- again; what has become of it is said by its payments.
create table payment_links (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  description text not null check (length(description) between 1 and 200),
  -- What is asked for, or only suggested; null where the payer says how much.
  amount minor_units check (amount > 0),
  is_fixed boolean not null,
  currency text not null,
  sent_to text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  withdrawn_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  constraint fixed_has_an_amount check (amount is not null or not is_fixed)
);
create index payment_links_customer on payment_links (organization_id, customer_id, id desc);
call wall_off('payment_links');

alter table payments add column payment_link_id id,
  add foreign key (organization_id, payment_link_id) references payment_links,
  add constraint page_has_its_link check ((source = 'payment_page') or payment_link_id is null);
create index payments_payment_link on payments (organization_id, payment_link_id, id desc)
  where payment_link_id is not null;
