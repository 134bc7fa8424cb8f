-- A discount for paying from a bank account, as the mirror of a card fee; and what stands behind a card by its first
-- digits, where its gateway does not say (docs/decisions/0017).

alter table card_fee_policies drop constraint card_fee_policies_mode_check,
  add constraint card_fee_policies_mode_check
    check (mode in ('off', 'surcharge', 'dual_pricing', 'convenience_fee', 'bank_discount')),
  -- The most that a discount takes off one payment; null: no most.
  add column most_amount minor_units check (most_amount > 0);

-- A discount is a fee below zero: what is paid and what is taken off are together what invoices get.
alter table payments drop constraint payments_fee_kind_check, drop constraint fee_has_a_kind,
  drop constraint fee_within_amount, drop constraint applied_within_amount,
  add constraint payments_fee_kind_check
    check (fee_kind in ('surcharge', 'dual_pricing', 'convenience_fee', 'bank_discount')),
  add constraint fee_has_a_kind check (case when fee_kind is null then fee >= 0
    when fee_kind = 'bank_discount' then fee < 0 else fee > 0 end),
  add constraint fee_within_amount check (applied >= 0 and applied + fee <= amount),
  drop constraint unapplied_refunded_within_unapplied, drop constraint refunded_of_what_is_applied,
  add constraint unapplied_refunded_within_unapplied check (unapplied_refunded >= 0
    and unapplied_refunded + least(fee, 0) <= refunded and applied + fee + unapplied_refunded <= amount),
  add constraint refunded_of_what_is_applied
    check (ended_at is not null or refunded - unapplied_refunded <= applied + greatest(fee, 0));

alter table payment_fees drop constraint payment_fees_kind_check, drop constraint payment_fees_amount_check,
  add constraint payment_fees_kind_check
    check (kind in ('surcharge', 'dual_pricing', 'convenience_fee', 'bank_discount')),
  add constraint payment_fees_amount_check check (amount <> 0 and (amount < 0) = (kind = 'bank_discount')),
  add constraint discount_leaves_something check (base + amount > 0);

-- With what it was taken off a discount goes back: its share is below zero.
alter table refunds drop constraint refunds_fee_amount_check,
  add constraint refunds_fee_amount_check check (fee_amount >= 0 or fee_handling = 'inclusive');

insert into ledger_accounts (organization_id, key, name, kind)
select id, 'bank_discounts', 'Discounts for paying by bank', 'contra_income' from organizations on conflict do nothing;

update card_fee_rules set modes = modes || '{bank_discount}' where jurisdiction = 'US' and title = 'Words matter';
insert into card_fee_rules (jurisdiction, kind, modes, title, says, severity, source, effective_from) values
('US', 'formality', '{bank_discount}', 'A discount is for all, and said plainly',
  'A discount for paying by cash, check or similar means is no finance charge where it is offered to all buyers and its availability is disclosed clearly and conspicuously. No card issuer may forbid it (15 U.S.C. 1666f).',
  'inform', 'https://law.lawstack.com/usc/15/1666f/', '1981-07-27'),
('US', 'words', '{bank_discount}', 'Off the regular price',
  'A discount is a reduction of the price that customers are told is the regular one; raising that price first is no discount (15 U.S.C. 1693o-2(c)(4)).',
  'inform', 'https://www.law.cornell.edu/uscode/text/15/1693o-2', '2010-07-21');

-- Lists of card ranges that the host has loaded, each with where it is from and the day it was true; none comes with Owed.
create table card_range_lists (
  id id primary key,
  source text not null check (length(source) between 1 and 300),
  dated_on date not null,
  ranges int not null check (ranges > 0),
  -- Of the file: the same one twice is loaded once.
  sha256 text not null unique check (length(sha256) = 64),
  loaded_at timestamptz not null
);
-- The first eight digits of card numbers, from and to.
create table card_ranges (
  list_id id not null references card_range_lists,
  first int not null check (first between 10000000 and 99999999),
  last int not null check (last between first and 99999999),
  funding text not null check (funding in ('credit', 'debit', 'prepaid')),
  primary key (list_id, first)
);
grant select on card_range_lists, card_ranges to owed_app, owed_portal, owed_system;
grant insert on card_range_lists, card_ranges to owed_system;

-- The first digits of a stored card, where its gateway tells them; and the list by which its funding is known.
alter table payment_methods add column bin text check (bin ~ '^[0-9]{6,8}$'),
  add column funding_list_id id references card_range_lists;
