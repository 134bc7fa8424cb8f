-- Schedules (docs/decisions/0018): what makes an invoice or a payment by itself, again and again, and each day of one
-- that was worked.

create table schedules (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  kind text not null check (kind in ('invoice', 'payment')),
  state text not null check (state in ('completed', 'paused', 'running')),
  description text not null check (length(description) <= 200),
  currency text not null,
  -- Of one occurrence: the total of the invoice, or what is charged.
  amount minor_units not null check (amount >= 0),
  -- The rhythm: dates are counted from the first one, so that the 31st comes back after a short month.
  unit text not null check (unit in ('once', 'day', 'week', 'month', 'year')),
  every smallint not null check (every between 1 and 366),
  starts_on date not null,
  -- How many occurrences, or the last day; neither: for ever.
  times int check (times between 1 and 100000),
  ends_on date,
  -- Occurrences that were made. A day that was skipped, missed or failed is none.
  taken int not null default 0 check (taken >= 0),
  -- The next date and its place in the series; null once no date is left.
  next_on date,
  next_index int not null default 0 check (next_index >= 0),
  -- The failed day that is tried again, and when.
  retry_day date,
  retry_on date,
  work_on date generated always as (least(next_on, retry_on)) stored,
  -- Where it stands in lists by its next date: what has none comes last.
  listed_on date generated always as (coalesce(next_on, '9999-12-31'::date)) stored,
  search tsvector generated always as (to_tsvector('simple', description || ' ' || case unit when 'day' then 'daily days'
    when 'week' then 'weekly weeks' when 'month' then 'monthly months' when 'year' then 'yearly years' else 'once' end))
    stored,
  pause_reason text check (pause_reason in
    ('by_hand', 'declined', 'method', 'agreement', 'customer_inactive', 'kind_barred')),
  -- An invoice schedule: what each invoice says, when it is due, and whether it is issued or left as a draft.
  document jsonb,
  due_days smallint check (due_days between 0 and 365),
  issues boolean,
  -- A payment schedule: by which method, under which agreement, and where the money goes.
  payment_method_id id,
  authorization_id id,
  applies_to text check (applies_to in ('oldest_invoices', 'unapplied_cash')),
  payment_plan_id id,
  receipt_to_customer boolean not null default false,
  receipt_to_organization boolean not null default false,
  -- Ended by a person: nothing sets it going again.
  ended_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, payment_method_id) references payment_methods,
  foreign key (organization_id, authorization_id) references authorizations,
  constraint invoice_has_a_document check
    ((kind = 'invoice') = (document is not null and due_days is not null and issues is not null)),
  constraint payment_has_a_method check
    ((kind = 'payment') = (payment_method_id is not null and applies_to is not null)),
  constraint payment_has_an_amount check (kind = 'invoice' or amount > 0),
  constraint one_end check (times is null or ends_on is null),
  constraint taken_within_times check (times is null or taken <= times),
  constraint running_has_work check (state <> 'running' or next_on is not null or retry_on is not null),
  constraint retry_has_both check ((retry_day is null) = (retry_on is null)),
  constraint paused_has_a_reason check ((state = 'paused') = (pause_reason is not null)),
  constraint ended_is_completed check (ended_at is null or state = 'completed')
) with (fillfactor = 85);
-- What is due, found without a look at what is not.
create index schedules_due on schedules (organization_id, kind, work_on, id)
  where state = 'running' and payment_plan_id is null;
-- The lists: those that run, and all, by their next date and by amount.
create index schedules_running on schedules (organization_id, listed_on, id) where state = 'running';
create index schedules_listed on schedules (organization_id, listed_on, id);
create index schedules_running_amount on schedules (organization_id, amount, id) where state = 'running';
create index schedules_amount on schedules (organization_id, amount, id);
create index schedules_search on schedules using gin (search);
create index schedules_customer on schedules (organization_id, customer_id, id);
create index schedules_method on schedules (organization_id, payment_method_id)
  where state = 'running' and payment_method_id is not null;
create index schedules_plan on schedules (organization_id, payment_plan_id) where payment_plan_id is not null;
call wall_off('schedules', true);

-- As found_customers of 0002: schedules by the beginnings of words, at most so many.
create function found_schedules(organization text, query text, most int) returns table (id text)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  if organization is distinct from current_setting('owed.organization_id', true) then return; end if;
  return query execute 'select s.id::text from schedules s
    where s.organization_id = $1 and s.search @@ to_tsquery(''simple'', $2) limit $3' using organization, query, most;
end $$;
revoke execute on function found_schedules(text, text, int) from public;
grant execute on function found_schedules(text, text, int) to owed_app, owed_system;

-- Promise 6: one row for each day of a schedule, whoever works when.
create table schedule_occurrences (
  organization_id id not null,
  schedule_id id not null,
  day date not null,
  customer_id id not null,
  -- made: its invoice or its charge; failed: the charge was refused; skipped by a person; missed: nobody worked.
  state text not null check (state in ('made', 'failed', 'skipped', 'missed')),
  -- How often it was charged.
  tries smallint not null default 0 check (tries >= 0),
  invoice_id id,
  -- The newest try.
  payment_id id,
  -- Why it failed, and whether the method itself was refused.
  reason text check (length(reason) <= 500),
  is_hard boolean not null default false,
  worked_at timestamptz not null,
  primary key (organization_id, schedule_id, day),
  foreign key (organization_id, schedule_id) references schedules,
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, invoice_id) references invoices,
  foreign key (organization_id, payment_id) references payments
) with (fillfactor = 90);
create unique index schedule_occurrences_invoice on schedule_occurrences (organization_id, invoice_id)
  where invoice_id is not null;
create unique index schedule_occurrences_payment on schedule_occurrences (organization_id, payment_id)
  where payment_id is not null;
call wall_off('schedule_occurrences', true);
revoke delete on schedule_occurrences from owed_app, owed_system;
