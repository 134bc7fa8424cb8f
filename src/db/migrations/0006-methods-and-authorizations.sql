-- How a method may be used: a bank account only once its owner has signed, and one method of a customer is the usual one.

alter table payment_methods drop constraint payment_methods_state_check,
  add constraint payment_methods_state_check check (state in ('active', 'needs_authorization', 'removed', 'blocked')),
  -- News of its end was given: once before, once after.
  add column expiring_told_at timestamptz,
  add column expired_told_at timestamptz;
create index payment_methods_expiry on payment_methods (expiry_year, expiry_month)
  where state = 'active' and expiry_year is not null and expired_told_at is null;

-- How it was agreed to: a box ticked, a name typed, a signature drawn, or staff's word that it holds a paper.
alter table authorizations
  add column version text,
  add column signature_kind text check (signature_kind in ('ticked', 'typed', 'drawn', 'held')),
  add column signature_image bytea check (length(signature_image) <= 102400),
  -- Where the signed copy goes.
  add column email text,
  -- Whose word it is, where staff holds the authorization.
  add column user_id id,
  add constraint drawn_has_image check ((signature_kind is not distinct from 'drawn') = (signature_image is not null));
create index authorizations_payment_method on authorizations (organization_id, payment_method_id)
  where payment_method_id is not null;

-- The method that stands first wherever one is chosen.
create table default_payment_methods (
  organization_id id not null,
  customer_id id not null,
  payment_method_id id not null,
  set_at timestamptz not null,
  primary key (organization_id, customer_id),
  foreign key (organization_id, customer_id) references customers on delete cascade,
  foreign key (organization_id, payment_method_id) references payment_methods
);
create index default_payment_methods_method on default_payment_methods (organization_id, payment_method_id);
insert into default_payment_methods (organization_id, customer_id, payment_method_id, set_at)
select distinct on (organization_id, customer_id) organization_id, customer_id, id, created_at
from payment_methods where state = 'active' order by organization_id, customer_id, id;

-- Links that need no sign-in: to add a method, or to sign for one. Only the hash of what opens them is kept.
create table method_links (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  -- Null: to add one.
  payment_method_id id,
  token_hash text not null unique,
  email text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers on delete cascade,
  foreign key (organization_id, payment_method_id) references payment_methods
);
create index method_links_customer on method_links (organization_id, customer_id);
create index method_links_payment_method on method_links (organization_id, payment_method_id)
  where payment_method_id is not null;

call wall_off('default_payment_methods', true);
call wall_off('method_links');
