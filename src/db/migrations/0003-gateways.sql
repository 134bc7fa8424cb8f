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
