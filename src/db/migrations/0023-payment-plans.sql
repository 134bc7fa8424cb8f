-- Payment plans (docs/decisions/0016): what is owed, paid in parts by agreement.

-- What an organization lets its customers ask for, and when a plan has failed.
alter table organizations
  add column plan_min_down_percent text not null default '10'
    check (plan_min_down_percent ~ '^[0-9]{1,2}(\.[0-9]{1,4})?$'),
  add column plan_max_installments smallint not null default 12 check (plan_max_installments between 1 and 60),
  add column plan_max_months smallint not null default 12 check (plan_max_months between 1 and 60),
  -- This many installments that could not be collected end the plan.
  add column plan_missed_limit smallint not null default 2 check (plan_missed_limit between 1 and 12),
  -- By how much the sum may rise, through corrected invoices, without a new agreement.
  add column plan_rise_percent text not null default '0' check (plan_rise_percent ~ '^[0-9]{1,2}(\.[0-9]{1,4})?$'),
  -- How far the organization may put off an installment.
  add column plan_move_days smallint not null default 14 check (plan_move_days between 0 and 31);

create table payment_plans (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  -- Whoever asked for it, or offered it.
  by_staff boolean not null,
  state text not null check (state in ('offered', 'requested', 'approved', 'active', 'completed', 'defaulted',
    'cancelled', 'rejected', 'withdrawn')),
  currency text not null,
  -- All of it: the down payment and the installments, as agreed.
  total minor_units not null check (total > 0),
  down_payment minor_units not null,
  cadence text not null check (cadence in ('weekly', 'every_two_weeks', 'monthly')),
  installments smallint not null check (installments between 1 and 60),
  first_on date not null,
  -- No installment is larger.
  most_amount minor_units not null check (most_amount > 0),
  -- How far the sum may rise in all, and what has risen beyond it and waits for a new agreement.
  may_rise minor_units not null default 0 check (may_rise >= 0),
  asked_rise minor_units not null default 0 check (asked_rise >= 0),
  move_days smallint not null,
  missed_limit smallint not null,
  -- An offer has none before it is agreed to.
  payment_method_id id,
  authorization_id id,
  down_tries smallint not null default 0,
  down_payment_id id,
  payoff_tries smallint not null default 0,
  note text not null default '' check (length(note) <= 1000),
  -- Why it is where it is: what the gateway, the bank or a person said.
  reason text not null default '' check (length(reason) <= 500),
  created_at timestamptz not null,
  activated_at timestamptz,
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, payment_method_id) references payment_methods,
  foreign key (organization_id, authorization_id) references authorizations,
  foreign key (organization_id, down_payment_id) references payments,
  constraint down_payment_is_a_part check (down_payment > 0 and down_payment < total),
  constraint agreed_has_a_method check
    (state in ('offered', 'rejected', 'withdrawn') or (payment_method_id is not null and authorization_id is not null)),
  constraint ended_has_a_time check ((ended_at is not null) = (state in ('completed', 'defaulted', 'cancelled',
    'rejected', 'withdrawn')))
) with (fillfactor = 85);
create index payment_plans_newest on payment_plans (organization_id, id desc);
create index payment_plans_state on payment_plans (organization_id, state, id desc);
create index payment_plans_customer on payment_plans (organization_id, customer_id, id desc);
create index payment_plans_method on payment_plans (organization_id, payment_method_id)
  where state in ('requested', 'approved', 'active');
create index payment_plans_down on payment_plans (organization_id, down_payment_id)
  where down_payment_id is not null;
call wall_off('payment_plans', true);

create table payment_plan_invoices (
  organization_id id not null,
  payment_plan_id id not null,
  invoice_id id not null,
  customer_id id not null,
  -- Its total with fees, and what was due on it, as agreed.
  agreed_total minor_units not null,
  agreed_due minor_units not null check (agreed_due > 0),
  -- Reminders and late fees rest from here until it leaves the plan.
  rests_from timestamptz,
  left_at timestamptz,
  primary key (organization_id, payment_plan_id, invoice_id),
  foreign key (organization_id, payment_plan_id) references payment_plans,
  foreign key (organization_id, invoice_id) references invoices,
  foreign key (organization_id, customer_id) references customers
);
-- An invoice is in one plan at a time.
create unique index payment_plan_invoices_one on payment_plan_invoices (organization_id, invoice_id)
  where left_at is null;
create index payment_plan_invoices_invoice on payment_plan_invoices (organization_id, invoice_id);
call wall_off('payment_plan_invoices', true);

create table payment_plan_installments (
  organization_id id not null,
  id id not null,
  payment_plan_id id not null,
  customer_id id not null,
  number smallint not null check (number > 0),
  due_on date not null,
  -- The day that was agreed to; it may have been put off since.
  agreed_on date not null,
  amount minor_units not null check (amount >= 0),
  state text not null check (state in ('due', 'charging', 'paid', 'missed', 'dropped')),
  -- The day of the next try, once the plan runs.
  try_on date,
  tries smallint not null default 0 check (tries >= 0),
  payment_id id,
  reason text not null default '' check (length(reason) <= 500),
  -- The customer was told of it beforehand.
  told_on date,
  primary key (organization_id, id),
  foreign key (organization_id, payment_plan_id) references payment_plans,
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, payment_id) references payments,
  constraint due_alone_is_tried check (try_on is null or state = 'due'),
  constraint charging_has_a_payment check (state not in ('charging') or payment_id is not null)
) with (fillfactor = 85);
create unique index payment_plan_installments_number
  on payment_plan_installments (organization_id, payment_plan_id, number);
create index payment_plan_installments_due on payment_plan_installments (organization_id, try_on, id)
  where try_on is not null;
create index payment_plan_installments_payment on payment_plan_installments (organization_id, payment_id)
  where payment_id is not null;
call wall_off('payment_plan_installments', true);
