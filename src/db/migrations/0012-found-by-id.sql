-- A foreign key is checked by organization and id. While a table is young and has no statistics, the planner sees
-- every index that begins with the organization as equally good, takes the newest, and a session keeps that plan:
-- it then reads all rows of the organization for each row that refers to it. An index by id alone, newer than those, is
-- what it takes instead.
drop index invoices_id;
create unique index invoices_id on invoices (id);
create unique index customers_id on customers (id);
create unique index payments_id on payments (id);
create unique index messages_id on messages (id);
