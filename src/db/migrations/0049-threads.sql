-- The mails of a ticket stand in one thread, and tickets are found by the words of their subject.

-- The Message-IDs that a mail answers, oldest first (RFC 5322, 3.6.4).
alter table messages add column answers text[];

alter table tickets add column search tsvector not null generated always as (to_tsvector('simple', subject)) stored;
create index tickets_search on tickets using gin (search);
create index tickets_host_search on tickets using gin (search) where desk = 'host';

-- As found_customers of 0002: tickets of one desk by the beginnings of words, at most so many.
create function found_tickets(organization text, of_desk text, query text, most int) returns table (id text)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  if organization is distinct from current_setting('owed.organization_id', true) then return; end if;
  return query execute 'select t.id::text from tickets t
    where t.organization_id = $1 and t.desk = $2 and t.search @@ to_tsquery(''simple'', $3) limit $4'
    using organization, of_desk, query, most;
end $$;
revoke execute on function found_tickets(text, text, text, int) from public;
grant execute on function found_tickets(text, text, text, int) to owed_app, owed_system;

-- What staff was told of a card that ends had the kind of the customer's own mail, and would be sent to it again.
update messages set kind = kind || '_copy'
where kind in ('card_expiring', 'card_expired') and dedupe_key like 'card\_%notice%';
