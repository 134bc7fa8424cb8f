-- Card fees (docs/decisions/0017): what an organization charges for paying by card, as versions; what networks and laws
-- say of it, as dated rows; and what each payer was told before paying it.

-- A change is a new version, and switching off is one too: the newest that is effective on a day holds then.
create table card_fee_policies (
  organization_id id not null references organizations,
  id id not null,
  version int not null check (version > 0),
  mode text not null check (mode in ('off', 'surcharge', 'dual_pricing', 'convenience_fee')),
  -- A surcharge: of what is paid. Dual pricing: what accepting a card costs, of the card price.
  percent text not null check (percent ~ '^[0-9]{1,2}(\.[0-9]{1,4})?$'),
  -- A convenience fee, or the fixed part of what accepting a card costs.
  flat_amount minor_units not null check (flat_amount >= 0),
  currency text not null,
  -- What accepting a card costs this organization, in percent: a surcharge is never more.
  cost_percent text check (cost_percent ~ '^[0-9]{1,2}(\.[0-9]{1,4})?$'),
  acquirer_notified_on date,
  -- Whose law holds, such as US-CO.
  region text check (region ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$'),
  -- Where a convenience fee is asked for: not the way in which customers usually pay.
  channel text not null check (channel in ('online', 'staff')),
  effective_from date not null,
  created_at timestamptz not null,
  user_id id,
  primary key (organization_id, id),
  unique (organization_id, version),
  constraint fee_has_a_place check (mode = 'off' or region is not null),
  constraint surcharge_is_notified check (mode <> 'surcharge' or (acquirer_notified_on is not null and cost_percent is not null))
);
call wall_off('card_fee_policies');
revoke update, delete on card_fee_policies from owed_app, owed_system;
-- What a payer will be charged is said on the payer's pages.
create policy portal on card_fee_policies to owed_portal
  using (organization_id = (select current_setting('owed.organization_id', true)));
grant select on card_fee_policies to owed_portal;

-- The fee of a payment as it was told and agreed to; payments.fee is its amount.
create table payment_fees (
  organization_id id not null references organizations,
  payment_id id not null,
  customer_id id not null,
  policy_id id not null,
  kind text not null check (kind in ('surcharge', 'dual_pricing', 'convenience_fee')),
  -- As charged: the policy's, or the cap that was below it. Null: a flat fee.
  percent text,
  base minor_units not null check (base > 0),
  amount minor_units not null check (amount > 0),
  funding text not null check (funding in ('credit', 'debit', 'prepaid', 'unknown')),
  brand text not null,
  -- When the payer was shown the fee, or agreed to it for later charges.
  disclosed_at timestamptz not null,
  primary key (organization_id, payment_id),
  foreign key (organization_id, payment_id) references payments,
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, policy_id) references card_fee_policies,
  constraint surcharge_is_on_credit check (kind <> 'surcharge' or funding = 'credit')
);
create index payment_fees_customer on payment_fees (organization_id, customer_id);
call wall_off('payment_fees', true);
revoke update, delete on payment_fees from owed_app, owed_system;

-- Each kind of fee is income of its own.
insert into ledger_accounts (organization_id, key, name, kind)
select o.id, a.* from organizations o cross join (values
  ('dual_pricing_income', 'Dual pricing income', 'income'),
  ('convenience_fee_income', 'Convenience fee income', 'income')) as a(key, name, kind)
on conflict do nothing;

-- What card networks and laws say of fees for paying by card, shown beside the setting and held against each charge.
-- `block` refuses, `warn` warns, `inform` says it. Where sources disagree the row says so, and the stricter one holds.
create table card_fee_rules (
  jurisdiction text not null check (jurisdiction ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$'),
  kind text not null check (kind in
    ('network_cap', 'place_cap', 'cost_cap', 'barred', 'acquirer_notice', 'card_kinds', 'display', 'formality', 'words')),
  -- Which kinds of fee it is about.
  modes text[] not null,
  -- Of one card brand only.
  brand text,
  title text not null,
  -- A percentage, or days of notice.
  figure text check (figure ~ '^[0-9]+(\.[0-9]{1,4})?$'),
  says text not null,
  severity text not null check (severity in ('block', 'warn', 'inform')),
  source text not null,
  -- What has no known date holds from the first day of this table.
  effective_from date not null default '2000-01-01',
  effective_to date check (effective_to > effective_from),
  primary key (jurisdiction, kind, title, effective_from),
  constraint figure_of_a_cap check ((kind in ('network_cap', 'place_cap', 'acquirer_notice')) = (figure is not null))
);
grant select on card_fee_rules to owed_app, owed_portal, owed_system;

insert into card_fee_rules (jurisdiction, kind, modes, brand, title, figure, says, severity, source) values
('US', 'network_cap', '{surcharge}', 'visa', 'Visa', '3', 'Visa: at most 3 %, or your own cost of acceptance if that is less.',
  'block', 'https://www.paymentsandrisk.com/docs/compliance/network-rules/surcharging'),
('US', 'network_cap', '{surcharge}', 'mastercard', 'Mastercard', '4',
  'Mastercard: at most 4 %, or your own cost of acceptance if that is less.',
  'block', 'https://www.paymentsandrisk.com/docs/compliance/network-rules/surcharging'),
('US', 'network_cap', '{surcharge}', null, 'Both networks', '3',
  'Who takes both Visa and Mastercard uses 3 %: a brand must not be treated worse than one that costs as much.',
  'block', 'https://www.paymentsandrisk.com/docs/compliance/network-rules/surcharging'),
('US', 'cost_cap', '{surcharge}', null, 'Never above your cost', null,
  'Both networks limit a surcharge to what accepting the card costs you.',
  'block', 'https://www.paymentsandrisk.com/docs/compliance/network-rules/surcharging'),
('US', 'card_kinds', '{surcharge}', null, 'Credit cards only', null,
  'Never on a debit or prepaid card, even one that is run as credit. A card of which nobody says what it is has no surcharge.',
  'block', 'https://www.paymentsandrisk.com/docs/compliance/network-rules/surcharging'),
('US', 'acquirer_notice', '{surcharge}', null, 'Notice to your acquirer', '30',
  'Your acquirer is told in writing 30 days before you begin. By the source also Visa.',
  'block', 'https://www.paymentsandrisk.com/docs/compliance/network-rules/surcharging'),
('US', 'formality', '{surcharge}', null, 'Tell payers', null,
  'The surcharge is disclosed where payers come in and before they pay, and is a line of its own on the receipt.',
  'inform', 'https://www.paymentsandrisk.com/docs/compliance/network-rules/surcharging'),
('US', 'formality', '{surcharge}', null, 'Same treatment', null,
  'Brands that cost as much or more are treated alike; a surcharge is by brand or by product, never by both.',
  'inform', 'https://www.paymentsandrisk.com/docs/compliance/network-rules/surcharging'),
('US', 'words', '{surcharge,dual_pricing,convenience_fee}', null, 'Words matter', null,
  'A surcharge is on credit cards, a convenience fee is flat and for an alternative channel, a service fee is for certain sectors, a cash discount has the card price as the posted price. Calling it a technology fee does not change which rule applies.',
  'inform', 'https://www.paymentsandrisk.com/docs/compliance/network-rules/surcharging'),
('US-CT', 'barred', '{surcharge}', null, 'Connecticut', null, 'Surcharges are not allowed.',
  'block', 'https://www.paymentsandrisk.com/docs/compliance/network-rules/surcharging'),
('US-MA', 'barred', '{surcharge}', null, 'Massachusetts', null, 'Surcharges are not allowed.',
  'block', 'https://www.paymentsandrisk.com/docs/compliance/network-rules/surcharging'),
('US-PR', 'barred', '{surcharge}', null, 'Puerto Rico', null, 'Surcharges are not allowed. Not every list has it; the stricter one holds.',
  'block', 'https://www.paymentsandrisk.com/docs/compliance/network-rules/surcharging'),
('US-ME', 'barred', '{surcharge}', null, 'Maine', null,
  'Surcharges are not allowed by Fidelity Bank (2023) and legalclarity.org; paymentsandrisk.com does not list Maine. The stricter ones hold.',
  'block', 'https://fidelitybanknc.com, https://legalclarity.org'),
('US-OK', 'barred', '{surcharge}', null, 'Oklahoma', null,
  'Not allowed by Fidelity Bank (2023). A bill of 2026 describes the present limit as the lesser of 2 % and cost. The stricter one holds until you know better.',
  'block', 'https://fidelitybanknc.com, https://fastdemocracy.com (OKB00037784)'),
('US-OK', 'place_cap', '{surcharge}', null, 'Oklahoma, present limit', '2',
  'A bill of 2026 describes the present limit as the lesser of 2 % and cost, and would raise it to 4.5 % on 2026-11-01; whether it passed is not established.',
  'block', 'https://fastdemocracy.com (OKB00037784)'),
('US-CO', 'place_cap', '{surcharge}', null, 'Colorado', '2',
  'At most 2 %, or the actual cost: the merchant’s choice by one source, the lower of the two by others. The lower one holds.',
  'block', 'https://bassberry.com/news/colorado-surcharge-ban'),
('US-NY', 'cost_cap', '{surcharge}', null, 'New York', null, 'Not above cost.', 'block', 'https://3dmerchant.com/blog/tag/surcharge'),
('US-NJ', 'cost_cap', '{surcharge}', null, 'New Jersey', null, 'Not above cost.', 'block', 'https://3dmerchant.com/blog/tag/surcharge'),
('US-NV', 'cost_cap', '{surcharge}', null, 'Nevada', null, 'Not above cost.', 'block', 'https://3dmerchant.com/blog/tag/surcharge'),
('US-SD', 'cost_cap', '{surcharge}', null, 'South Dakota', null, 'Not above cost.', 'block', 'https://3dmerchant.com/blog/tag/surcharge');
insert into card_fee_rules
  (jurisdiction, kind, modes, title, says, severity, source, effective_from) values
('US-NY', 'display', '{surcharge,dual_pricing,convenience_fee}', 'New York: show the card price',
  'The total price by card is shown before payment; up to $500 for each violation.',
  'warn', 'https://3dmerchant.com/blog/tag/surcharge, hi.helm.news (2024-02-07)', '2024-02-11'),
('US-CA', 'display', '{surcharge,convenience_fee}', 'California: no fee at the end (SB 478)',
  'To consumers the price shown includes every fee that must be paid: none may be added at the end.',
  'warn', 'https://joingerald.com', '2024-07-01');
