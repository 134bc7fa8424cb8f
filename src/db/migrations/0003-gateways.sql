-- Several gateways at once, what each takes, and the webhooks they send. And how a new table gets its walls.

-- Gives a table of an organization its grants and row-level security, as 0002 did for the first ones. Every migration
-- that makes such a table calls it. `payer` lets a payer read the rows of the own customer.
create procedure wall_off(table_name text, payer boolean default false) language plpgsql as $$
declare
  same_organization constant text := 'organization_id = (select current_setting(''owed.organization_id'', true))';
begin
  execute format('alter table %I enable row level security', table_name);
  execute format('grant select, insert, update, delete on %I to owed_system, owed_app', table_name);
  execute format('create policy system on %I to owed_system using (true) with check (true)', table_name);
  execute format('create policy app on %I to owed_app using (%s) with check (%s)', table_name, same_organization,
    same_organization);
  if payer then
    execute format($p$create policy portal on %I to owed_portal
      using (%s and customer_id = any (string_to_array((select current_setting('owed.customer_ids', true)), ',')))$p$,
      table_name, same_organization);
    execute format('grant select on %I to owed_portal', table_name);
  end if;
end $$;

-- PayPal is a third kind of money that a gateway moves.
alter table payments drop constraint payments_kind_check,
  add constraint payments_kind_check check (kind in ('card', 'bank_account', 'paypal', 'check', 'cash', 'wire', 'other'));
-- Vendors that name a payment only by their own reference.
create index payments_gateway_reference on payments (organization_id, gateway_reference)
  where gateway_reference is not null;

-- The accounts that refunds, credits, chargebacks and payouts move.
insert into ledger_accounts (organization_id, key, name, kind)
select o.id, a.* from organizations o cross join (values
  ('chargebacks_receivable', 'Chargebacks receivable', 'asset'), ('unapplied_credit', 'Unapplied credit', 'liability'),
  ('surcharge_income', 'Surcharge income', 'income'), ('sales_returns', 'Sales returns', 'contra_income'),
  ('refunds', 'Refunds', 'contra_income'), ('processing_fees', 'Processing fees', 'expense'),
  ('chargeback_losses', 'Chargeback losses', 'expense')) as a(key, name, kind)
on conflict do nothing;

-- The part of a payment that the payer paid on top (surcharge, convenience fee): it is applied to no invoice.
alter table payments add column fee minor_units not null default 0,
  add constraint fee_within_amount check (fee >= 0 and applied + fee <= amount);

-- Which account takes which kind of payment: at most one account a kind.
create table gateway_routes (
  organization_id id not null references organizations,
  kind text not null check (kind in ('card', 'bank_account', 'paypal')),
  gateway_account_id id not null,
  primary key (organization_id, kind),
  foreign key (organization_id, gateway_account_id) references gateway_accounts
);
call wall_off('gateway_routes');
create policy portal on gateway_routes to owed_portal
  using (organization_id = (select current_setting('owed.organization_id', true)));
grant select on gateway_routes to owed_portal;
insert into gateway_routes (organization_id, kind, gateway_account_id)
select distinct on (g.organization_id, k.kind) g.organization_id, k.kind, g.id
from gateway_accounts g cross join (values ('card'), ('bank_account')) as k(kind)
where g.disconnected_at is null order by g.organization_id, k.kind, g.id;

-- What the vendor said when the account was last checked.
alter table gateway_accounts add column vendor_account text, add column checked_at timestamptz,
  add column check_problem text;
-- One vendor's account may serve several organizations; the sandbox gateway tells its own by this key.
drop index gateway_accounts_publishable_key;
create unique index gateway_accounts_sandbox_key on gateway_accounts (publishable_key) where vendor = 'sandbox';
create unique index gateway_accounts_connected on gateway_accounts (organization_id, vendor, publishable_key)
  where disconnected_at is null;

-- A webhook is stored as it came, secrets blanked, and worked afterwards.
alter table webhooks_in add column type text not null default '', add column about text[] not null default '{}',
  add column payment_references text[] not null default '{}',
  add column state text not null default 'worked' check (state in ('received', 'worked', 'failed')),
  add column attempts int not null default 0, add column error text;
alter table webhooks_in alter column state drop default;
create index webhooks_in_newest on webhooks_in (organization_id, id desc);
create index webhooks_in_unworked on webhooks_in (organization_id, id) where state <> 'worked';

-- Whether a customer may pay by PayPal, and what new customers start with.
alter table organizations add column default_allow_paypal boolean not null default true;
alter table customers add column allow_paypal boolean not null default true;
