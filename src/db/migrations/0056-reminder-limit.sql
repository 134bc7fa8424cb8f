-- At most so many reminders to a customer in so many days; null: as many as its policy has.
alter table organizations
  add column reminder_limit_messages int check (reminder_limit_messages between 1 and 50),
  add column reminder_limit_days int not null default 7 check (reminder_limit_days between 1 and 365);
-- What a customer has been sent of late, where reminders are limited.
create index reminders_of_customer on reminders (organization_id, customer_id, sent_on) where state = 'sent';
