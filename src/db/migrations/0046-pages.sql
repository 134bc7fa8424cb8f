-- Closed invoices by date and by due date: the newest of all are open, and a list of closed ones would pass them all.
create index invoices_closed_date on invoices (organization_id, invoice_date, id) where closed_at is not null;
create index invoices_closed_due on invoices (organization_id, due_date, id) where closed_at is not null;

-- Customers whose address is that of somebody who works here. By the index of addresses, which row-level security does
-- not open to lower(): asked as the application, each look read all customers. It keeps the wall itself.
create function staff_customers() returns setof text
  language sql stable security definer rows 3 set search_path = public, pg_temp as $$
  select c.id from organization_users ou join users u on u.id = ou.user_id
  join customers c on c.organization_id = ou.organization_id and lower(c.email) = lower(u.email) and c.email is not null
  where ou.organization_id = current_setting('owed.organization_id', true)
$$;
revoke execute on function staff_customers() from public;
grant execute on function staff_customers() to owed_app, owed_system;
drop function staff_emails();
