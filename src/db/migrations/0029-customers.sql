-- What a business touches of a customer: merge of two records, and files of customers and invoices.

-- Merge (docs/decisions/0019): the loser stays, inactive, and says into whom it was merged.
alter table customers add column merged_into_id id,
  add constraint customers_merged_into foreign key (organization_id, merged_into_id) references customers,
  add constraint merged_is_inactive check (merged_into_id is null or deactivated_at is not null),
  add constraint merged_into_another check (merged_into_id <> id);
create index customers_merged on customers (organization_id, merged_into_id) where merged_into_id is not null;

create table customer_merges (
  organization_id id not null references organizations,
  id id not null,
  loser_id id not null,
  winner_id id not null,
  -- What the loser and the winner were, for undo; and how many papers moved, by table.
  before jsonb not null,
  moved jsonb not null,
  currency text not null,
  user_id id,
  merged_at timestamptz not null,
  undone_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, loser_id) references customers,
  foreign key (organization_id, winner_id) references customers
);
create unique index customer_merges_standing on customer_merges (organization_id, loser_id) where undone_at is null;
create index customer_merges_winner on customer_merges (organization_id, winner_id, merged_at desc);
call wall_off('customer_merges');

-- Which papers moved: what undo brings back, and nothing else.
create table customer_merge_rows (
  organization_id id not null references organizations,
  merge_id id not null,
  kind text collate "C" not null,
  row_id text collate "C" not null,
  primary key (organization_id, merge_id, kind, row_id),
  foreign key (organization_id, merge_id) references customer_merges
);
call wall_off('customer_merge_rows');

-- What was agreed, charged and tried stays as it was written; whose record it belongs to may follow a merge.
grant update (customer_id) on authorizations, authorization_revocations, text_consents, payment_fees, autopay_tries,
  autopay_notices, estimate_answers to owed_app;

-- Files of a customer, or of one of its invoices. The bytes stand apart, so that a list reads none of them.
create table files (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  invoice_id id,
  file_name text not null check (length(file_name) between 1 and 200),
  content_type text not null,
  size_bytes int not null check (size_bytes between 1 and 10485760),
  hash text not null,
  customer_sees boolean not null,
  user_id id,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, invoice_id) references invoices
);
create index files_customer on files (organization_id, customer_id, id);
create index files_invoice on files (organization_id, invoice_id, id) where invoice_id is not null;
create table file_bytes (
  organization_id id not null references organizations,
  file_id id not null,
  bytes bytea not null,
  primary key (organization_id, file_id),
  foreign key (organization_id, file_id) references files on delete cascade
);
alter table file_bytes alter column bytes set storage external;
call wall_off('files');
call wall_off('file_bytes');
-- A payer reads what the organization shows: of an invoice, whoever may see the invoice.
create policy portal on files to owed_portal
  using (organization_id = (select current_setting('owed.organization_id', true)) and customer_sees
    and case when invoice_id is null
      then customer_id = any (string_to_array((select current_setting('owed.customer_ids', true)), ','))
      else exists (select from invoices i where i.organization_id = files.organization_id and i.id = files.invoice_id) end);
create policy portal on file_bytes to owed_portal
  using (organization_id = (select current_setting('owed.organization_id', true))
    and exists (select from files f where f.organization_id = file_bytes.organization_id and f.id = file_bytes.file_id));
grant select on files, file_bytes to owed_portal;

-- No paper may come to a record that has been merged: whoever writes at the same moment waits for the merge, and is then
-- told where to write. The lock sees what was committed meanwhile.
create function refuse_merged_customer() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
declare found text;
begin
  perform 1 from customers c where c.organization_id = new.organization_id and c.id = new.customer_id for key share;
  select w.display_name || ' (' || w.id || ')' into found from customers c
    join customers w on w.organization_id = c.organization_id and w.id = c.merged_into_id
    where c.organization_id = new.organization_id and c.id = new.customer_id;
  if found is not null then
    raise exception 'This customer was merged into %. Use that one.', found
      using errcode = 'OW001', constraint = 'customer_merged';
  end if;
  return null;
end $$;

do $$
declare t text;
begin
  foreach t in array array['invoices', 'payments', 'credit_memos', 'payment_methods', 'payment_links', 'method_links',
    'schedules', 'payment_plans', 'autopays', 'tasks', 'customer_notes', 'files', 'estimates'] loop
    execute format('create trigger %I after insert or update of customer_id on %I for each row
      execute function refuse_merged_customer()', t || '_not_merged', t);
  end loop;
end $$;

-- People of the portal follow: who is signed in to the loser is signed in to the winner, and links of invitations lead there.
create function follow_merge(organization text, from_id text, to_id text) returns table (kind text, row_id text)
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if organization is distinct from current_setting('owed.organization_id', true) then return; end if;
  return query
    with s as (update sessions set customer_id = to_id where organization_id = organization and customer_id = from_id
        returning id),
      l as (update link_tokens set customer_id = to_id where organization_id = organization and customer_id = from_id
        returning id)
    select 'sessions', s.id::text from s union all select 'link_tokens', l.id::text from l;
end $$;
create function unfollow_merge(organization text, merge text) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
declare m record;
begin
  select * into m from customer_merges c where c.organization_id = organization and c.id = merge
    and organization = current_setting('owed.organization_id', true);
  if not found then return; end if;
  update sessions s set customer_id = m.loser_id where s.organization_id = organization and s.customer_id = m.winner_id
    and s.id in (select r.row_id from customer_merge_rows r where r.organization_id = organization and r.merge_id = merge
      and r.kind = 'sessions');
  -- Who came in meanwhile through a membership that goes back goes with it.
  update sessions s set customer_id = m.loser_id where s.organization_id = organization and s.customer_id = m.winner_id
    and not exists (select from portal_memberships p where p.organization_id = organization
      and p.customer_id = m.winner_id and p.portal_user_id = s.portal_user_id and p.revoked_at is null);
  update link_tokens l set customer_id = m.loser_id where l.organization_id = organization and l.customer_id = m.winner_id
    and l.id in (select r.row_id from customer_merge_rows r where r.organization_id = organization and r.merge_id = merge
      and r.kind = 'link_tokens');
end $$;
revoke execute on function follow_merge(text, text, text), unfollow_merge(text, text) from public;
grant execute on function follow_merge(text, text, text), unfollow_merge(text, text) to owed_app;
