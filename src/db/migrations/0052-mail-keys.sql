-- Row-level security lets only what cannot leak into an index condition, and lower() is not of that kind: an address
-- compared as lower(email) = x reads the whole table, or the other one for each row. As a column it is looked up.
alter table customers add column email_key text collate "C" generated always as (lower(email)) stored;
alter table tickets add column asker_key text collate "C" generated always as (lower(asker_email)) stored;
create index tickets_asker_key on tickets (organization_id, asker_key, id);
drop index tickets_asker;
