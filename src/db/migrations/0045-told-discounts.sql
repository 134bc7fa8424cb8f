-- By which version of the policy a notice named its amount: what was announced holds on the day of the debit.
alter table autopay_notices add fee_policy_id id,
  add foreign key (organization_id, fee_policy_id) references card_fee_policies;

-- A host may price the invoices that go out.
alter table billing_usage drop constraint billing_usage_meter_check,
  add constraint billing_usage_meter_check
    check (meter in ('invoices', 'emails', 'texts', 'letters', 'payments', 'users'));
