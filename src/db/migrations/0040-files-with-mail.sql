-- Files of an invoice that go with the mails about it. What goes by mail is shown in the portal too: what a mail has no room
-- for is there.
alter table files add column goes_with_mail boolean not null default false,
  add constraint mailed_files_are_shown check (not goes_with_mail or (invoice_id is not null and customer_sees));
create index files_mailed on files (organization_id, invoice_id, id) where goes_with_mail;

-- Which files a mail carries. Their bytes stay where they are and are read as it leaves.
create table message_files (
  organization_id id not null references organizations,
  message_id id not null,
  file_id id not null,
  primary key (organization_id, message_id, file_id),
  foreign key (organization_id, message_id) references messages,
  foreign key (organization_id, file_id) references files on delete cascade
);
create index message_files_file on message_files (organization_id, file_id);
call wall_off('message_files');
