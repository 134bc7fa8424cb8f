-- Who may touch what. The connection's own user owns the tables and does nothing but migrate; every transaction takes
-- one of these roles (src/db/db.ts):
--   owed_app     staff, API keys and jobs of one organization
--   owed_portal  a payer: the rows of the customers named in owed.customer_ids, of one organization
--   owed_system  what crosses organizations by nature: sign-in, sweeps, portal sign-up
do $$
declare r text;
begin
  foreach r in array array['owed_app', 'owed_portal', 'owed_system'] loop
    begin
      if not exists (select from pg_roles where rolname = r) then
        execute format('create role %I nologin', r);
      end if;
    exception when duplicate_object or unique_violation then
      null; -- another database of the same server made it at the same moment
    end;
    begin
      execute format('grant %I to current_user', r);
    exception when unique_violation or internal_error then
      null; -- granted at the same moment
    end;
    execute format('grant usage on schema public to %I', r);
    execute format('grant execute on all functions in schema public to %I', r);
  end loop;
end $$;

revoke execute on function enqueue_jobs(json) from public, owed_portal;

do $$
declare t record;
  own_customer text;
  same_organization constant text := 'organization_id = (select current_setting(''owed.organization_id'', true))';
begin
  for t in
    select c.relname,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id'
        and not a.attisdropped) as has_organization,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'customer_id'
        and not a.attisdropped) as has_customer
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
  loop
    execute format('grant select, insert, update, delete on %I to owed_system', t.relname);
    if t.relname in ('users', 'portal_users', 'sessions', 'link_tokens', 'agreements', 'agreement_acceptances',
      'portal_guards', 'workers') then
      continue; -- of no organization: reached by owed_system alone
    end if;
    execute format('alter table %I enable row level security', t.relname);
    execute format('create policy system on %I to owed_system using (true) with check (true)', t.relname);
    execute format('grant select, insert, update, delete on %I to owed_app', t.relname);
    execute format('create policy app on %I to owed_app using (%s) with check (%s)', t.relname,
      case when t.relname = 'organizations' then replace(same_organization, 'organization_id = ', 'id = ')
        else same_organization end,
      case when t.relname = 'organizations' then replace(same_organization, 'organization_id = ', 'id = ')
        else same_organization end);
  end loop;

  -- A payer sees the customer's own papers, writes what paying writes, and has no other table at all.
  foreach own_customer in array array['invoices', 'payments', 'payment_methods', 'portal_memberships',
    'authorizations'] loop
    execute format($p$create policy portal on %I to owed_portal
      using (%s and customer_id = any (string_to_array((select current_setting('owed.customer_ids', true)), ',')))$p$,
      own_customer, same_organization);
    execute format('grant select on %I to owed_portal', own_customer);
  end loop;
  execute format($p$create policy portal on customers to owed_portal
    using (%s and id = any (string_to_array((select current_setting('owed.customer_ids', true)), ',')))$p$,
    same_organization);
  grant select on customers to owed_portal;
  execute format($p$create policy portal on organizations to owed_portal using (%s)$p$,
    replace(same_organization, 'organization_id = ', 'id = '));
  grant select on organizations to owed_portal;
  execute format('create policy portal on organization_logos to owed_portal using (%s)', same_organization);
  grant select on organization_logos to owed_portal;
  execute format('create policy portal on gateway_accounts to owed_portal using (%s)', same_organization);
  grant select on gateway_accounts to owed_portal;
  execute format($p$create policy portal on invoice_lines to owed_portal using (%s and exists (select from invoices i
    where i.organization_id = invoice_lines.organization_id and i.id = invoice_lines.invoice_id))$p$, same_organization);
  grant select on invoice_lines to owed_portal;
  execute format($p$create policy portal on payment_applications to owed_portal using (%s and exists (
    select from payments p where p.organization_id = payment_applications.organization_id
      and p.id = payment_applications.payment_id))$p$, same_organization);
  grant select on payment_applications to owed_portal;
end $$;

-- What happened is not edited (house law 6). Not even by owed_system.
revoke update, delete on journal_entries, journal_lines, events, agreement_acceptances, authorizations
  from owed_app, owed_system;
grant execute on function enqueue_jobs(json) to owed_app, owed_system;

-- Staff may know how far their customers' people have come on the way into the portal, and nothing else of them.
create function portal_states(organization text, customers text[])
  returns table (customer_id text, state text, invited_at timestamptz, last_sign_in_at timestamptz,
    locked_until timestamptz)
  language sql stable security definer set search_path = public, pg_temp as $$
  select distinct on (c.id) c.id,
    case
      when i.customer_id is null and m.customer_id is null then 'never_invited'
      when pu.id is null then 'invited'
      when pu.locked_until > now() then 'locked'
      when m.customer_id is null then 'account_created'
      when pu.email_confirmed_at is null then 'email_unconfirmed'
      when not exists (select from agreement_acceptances aa join agreements a on a.id = aa.agreement_id
        where aa.portal_user_id = pu.id
          and a.version = (select max(version) from agreements where kind = a.kind)) then 'agreement_pending'
      else 'active' end,
    i.first_sent_at, pu.last_sign_in_at, case when pu.locked_until > now() then pu.locked_until end
  from unnest(customers) as c(id)
  left join portal_invitations i on i.organization_id = organization and i.customer_id = c.id and i.revoked_at is null
  left join portal_memberships m on m.organization_id = organization and m.customer_id = c.id and m.revoked_at is null
  left join portal_users pu on pu.id = coalesce(m.portal_user_id, i.portal_user_id)
  where organization = current_setting('owed.organization_id', true)
  order by c.id, pu.last_sign_in_at desc nulls last
$$;
revoke execute on function portal_states(text, text[]) from public;
grant execute on function portal_states(text, text[]) to owed_app, owed_system;

-- The name behind an audit entry: only of people who work, or worked, for the asking organization.
create function staff_name(person text) returns text
  language sql stable security definer set search_path = public, pg_temp as $$
  select nullif(trim(u.first_name || ' ' || u.last_name), '') from users u
  join organization_users ou on ou.user_id = u.id
  where u.id = person and ou.organization_id = current_setting('owed.organization_id', true)
$$;
revoke execute on function staff_name(text) from public;
grant execute on function staff_name(text) to owed_app, owed_system;

-- Whether a user installed this Owed: asked before a link that opens an account is shown to staff.
create function is_operator(who text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select operator from users where id = who and disabled_at is null), false)
$$;
revoke execute on function is_operator(text) from public;
grant execute on function is_operator(text) to owed_app, owed_system;

-- Customers by the beginnings of words, at most so many. Row-level security lets no index serve @@, for it might tell of
-- others' rows, so this function looks into the index and keeps the wall itself. Planned for its very values: `execute`.
create function found_customers(organization text, query text, most int) returns table (id text)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  if organization is distinct from current_setting('owed.organization_id', true) then return; end if;
  return query execute 'select c.id::text from customers c
    where c.organization_id = $1 and c.search @@ to_tsquery(''simple'', $2) limit $3' using organization, query, most;
end $$;
revoke execute on function found_customers(text, text, int) from public;
grant execute on function found_customers(text, text, int) to owed_app, owed_system;
