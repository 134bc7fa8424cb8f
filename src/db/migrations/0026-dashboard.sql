-- The dashboard's figures, as quick at a million invoices as at ten: what is open, billed, under way and collected, kept
-- by day in the transaction that changes it. A change is a row of its own, so two payments of one day never wait for each
-- other; a figure is the sum of its rows, and a sweep folds them into one a day (dashboard/fold-daily-sums.ts).

create table daily_sums (
  organization_id id not null,
  no bigint generated always as identity,
  -- open: not wholly covered by payments under way; covered: wholly covered. Both by the day they fall due, billed by
  -- invoice date, the rest by the day received.
  figure text not null check (figure in ('open', 'covered', 'billed', 'pending', 'collected', 'autopay')),
  currency text not null,
  day date not null,
  amount bigint not null,
  count bigint not null,
  folded boolean not null default false,
  primary key (organization_id, no)
);
create index daily_sums_day on daily_sums (organization_id, figure, day) include (currency, amount, count);
create index daily_sums_unfolded on daily_sums (organization_id, no) where not folded;
call wall_off('daily_sums');
-- Only the triggers write, and the sweep.
revoke insert, update, delete on daily_sums from owed_app;
revoke update on daily_sums from owed_system;

-- What an invoice and a payment count for: the one place that says it.
create function sums_of_invoice(issued_at timestamptz, voided_at timestamptz, closed_at timestamptz, invoice_date date,
  due_date date, total bigint, balance_due bigint, reserved bigint)
  returns table (figure text, day date, amount bigint) language sql immutable as $$
  select f.figure, f.day, f.amount from (values
    ('billed', invoice_date, total, issued_at is not null and voided_at is null),
    (case when reserved < balance_due then 'open' else 'covered' end, due_date, balance_due,
      issued_at is not null and closed_at is null)) as f(figure, day, amount, stands) where f.stands
$$;
create function sums_of_payment(state text, source text, received_on date, paid bigint)
  returns table (figure text, day date, amount bigint) language sql immutable as $$
  select f.figure, received_on, paid from (values
    ('pending', state in ('pending', 'unknown', 'submitted', 'accepted', 'collected')),
    ('collected', state in ('approved', 'settling', 'settled')),
    ('autopay', state in ('approved', 'settling', 'settled') and source = 'autopay')) as f(figure, stands) where f.stands
$$;

-- The same counted afresh: what the sums must be.
create view daily_sums_counted with (security_invoker = true) as
  select organization_id, figure, currency, day, sum(amount)::bigint as amount, count(*) as count from (
    select i.organization_id, s.figure, i.currency, s.day, s.amount from invoices i cross join lateral sums_of_invoice(
      i.issued_at, i.voided_at, i.closed_at, i.invoice_date, i.due_date, i.total, i.balance_due, i.reserved) s
    union all
    select p.organization_id, s.figure, p.currency, s.day, s.amount from payments p
      cross join lateral sums_of_payment(p.state, p.source, p.received_on, p.amount) s) x
  group by organization_id, figure, currency, day;
grant select on daily_sums_counted to owed_app, owed_system;

create function sum_invoices() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    insert into daily_sums (organization_id, figure, currency, day, amount, count)
    select organization_id, figure, currency, day, sum(amount), sum(count) from (
      select n.organization_id, s.figure, n.currency, s.day, s.amount, 1 as count from new_rows n
        cross join lateral sums_of_invoice(n.issued_at, n.voided_at, n.closed_at, n.invoice_date, n.due_date, n.total,
          n.balance_due, n.reserved) s
      union all
      select o.organization_id, s.figure, o.currency, s.day, -s.amount, -1 from old_rows o
        cross join lateral sums_of_invoice(o.issued_at, o.voided_at, o.closed_at, o.invoice_date, o.due_date, o.total,
          o.balance_due, o.reserved) s) x
    group by 1, 2, 3, 4 having sum(amount) <> 0 or sum(count) <> 0;
  elsif tg_op = 'INSERT' then
    insert into daily_sums (organization_id, figure, currency, day, amount, count)
    select n.organization_id, s.figure, n.currency, s.day, sum(s.amount), count(*) from new_rows n
      cross join lateral sums_of_invoice(n.issued_at, n.voided_at, n.closed_at, n.invoice_date, n.due_date, n.total,
        n.balance_due, n.reserved) s
    group by 1, 2, 3, 4;
  else
    insert into daily_sums (organization_id, figure, currency, day, amount, count)
    select o.organization_id, s.figure, o.currency, s.day, -sum(s.amount), -count(*) from old_rows o
      cross join lateral sums_of_invoice(o.issued_at, o.voided_at, o.closed_at, o.invoice_date, o.due_date, o.total,
        o.balance_due, o.reserved) s
    group by 1, 2, 3, 4;
  end if;
  return null;
end $$;
create trigger invoices_summed_in after insert on invoices referencing new table as new_rows
  for each statement execute function sum_invoices();
create trigger invoices_summed_again after update on invoices referencing old table as old_rows new table as new_rows
  for each statement execute function sum_invoices();
create trigger invoices_summed_out after delete on invoices referencing old table as old_rows
  for each statement execute function sum_invoices();

create function sum_payments() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    insert into daily_sums (organization_id, figure, currency, day, amount, count)
    select organization_id, figure, currency, day, sum(amount), sum(count) from (
      select n.organization_id, s.figure, n.currency, s.day, s.amount, 1 as count from new_rows n
        cross join lateral sums_of_payment(n.state, n.source, n.received_on, n.amount) s
      union all
      select o.organization_id, s.figure, o.currency, s.day, -s.amount, -1 from old_rows o
        cross join lateral sums_of_payment(o.state, o.source, o.received_on, o.amount) s) x
    group by 1, 2, 3, 4 having sum(amount) <> 0 or sum(count) <> 0;
  elsif tg_op = 'INSERT' then
    insert into daily_sums (organization_id, figure, currency, day, amount, count)
    select n.organization_id, s.figure, n.currency, s.day, sum(s.amount), count(*) from new_rows n
      cross join lateral sums_of_payment(n.state, n.source, n.received_on, n.amount) s
    group by 1, 2, 3, 4;
  else
    insert into daily_sums (organization_id, figure, currency, day, amount, count)
    select o.organization_id, s.figure, o.currency, s.day, -sum(s.amount), -count(*) from old_rows o
      cross join lateral sums_of_payment(o.state, o.source, o.received_on, o.amount) s
    group by 1, 2, 3, 4;
  end if;
  return null;
end $$;
create trigger payments_summed_in after insert on payments referencing new table as new_rows
  for each statement execute function sum_payments();
create trigger payments_summed_again after update on payments referencing old table as old_rows new table as new_rows
  for each statement execute function sum_payments();
create trigger payments_summed_out after delete on payments referencing old table as old_rows
  for each statement execute function sum_payments();
revoke execute on function sum_invoices(), sum_payments() from public;

insert into daily_sums (organization_id, figure, currency, day, amount, count, folded)
select organization_id, figure, currency, day, amount, count, true from daily_sums_counted;

-- Charges that nobody asks the gateway about any more: a person has to.
create index payments_unanswered on payments (organization_id, id) where state = 'unknown' and next_lookup_at is null;

-- The first steps that somebody would not be shown any more: one of them, or `all`.
create table skipped_steps (
  organization_id id not null references organizations,
  step text not null check (length(step) between 1 and 40),
  skipped_at timestamptz not null,
  primary key (organization_id, step)
);
call wall_off('skipped_steps');

-- Who works for the asking organization: whether an invoice has come to one of them is asked of their addresses.
create function staff_emails() returns setof text
  language sql stable security definer set search_path = public, pg_temp as $$
  select lower(u.email) from organization_users ou join users u on u.id = ou.user_id
  where ou.organization_id = current_setting('owed.organization_id', true)
$$;
revoke execute on function staff_emails() from public;
grant execute on function staff_emails() to owed_app, owed_system;
