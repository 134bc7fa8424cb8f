-- A first day of reminders writes a row for each invoice: two checks of keys a row were two thirds of its time, and locked
-- each invoice. Their names are looked up once a statement instead. What they name stays: a step is removed by a date, an
-- issued invoice is voided. `offset 0` keeps each a look into an index, whatever is known of the table.
alter table reminders drop constraint reminders_organization_id_invoice_id_fkey,
  drop constraint reminders_organization_id_step_id_fkey;
create function reminders_refer() returns trigger language plpgsql as $$
declare lost text;
begin
  select min(n.id) into lost from new_rows n where not exists (select from invoices i
    where i.organization_id = n.organization_id and i.id = n.invoice_id and i.issued_at is not null offset 0);
  if lost is null then
    select min(n.id) into lost from (select organization_id, step_id, min(id::text) as id from new_rows group by 1, 2) n
      where not exists (select from dunning_steps s where s.organization_id = n.organization_id and s.id = n.step_id offset 0);
  end if;
  if lost is not null then
    raise exception 'reminder % names no issued invoice, or no step', lost using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;
create trigger reminders_refer after insert on reminders
  referencing new table as new_rows for each statement execute function reminders_refer();

create function issued_stays() returns trigger language plpgsql as $$
begin
  raise exception 'invoice % is issued: it can be voided, not deleted', old.id using errcode = 'restrict_violation';
end $$;
create trigger invoices_issued_stay before delete on invoices
  for each row when (old.issued_at is not null) execute function issued_stays();
revoke delete on dunning_steps from owed_app, owed_system;

-- Nobody asks for a reminder by its id or its customer: the key is what it may be only once of.
drop index reminders_customer;
alter table reminders drop constraint reminders_pkey, add primary key using index reminders_once;
create index reminders_sent on reminders (organization_id, sent_on) where state = 'sent';
