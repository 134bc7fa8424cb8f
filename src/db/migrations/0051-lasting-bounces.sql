-- A server that still tries has not refused: what is only late says nothing of an address. Of what came back, only a full
-- or disabled mailbox counts towards an address that is no good, until somebody says that it works again.
alter table message_news
  drop constraint message_news_kind_check,
  add constraint message_news_kind_check check (kind in ('delayed', 'soft_bounced', 'delivered', 'opened', 'clicked',
    'bounced', 'complained')),
  add column counts boolean not null default false,
  add constraint only_soft_bounces_count check (not counts or kind = 'soft_bounced');
drop index message_news_of_address;
create index message_news_counting on message_news (organization_id, email, message_id) where counts;

-- The papers that Owed set itself are set anew when a mail goes out again; the files that somebody added go along.
alter table message_attachments add column rendered boolean not null default false;
update message_attachments a set rendered = true from messages m
  where m.organization_id = a.organization_id and m.id = a.message_id and m.invoice_id is not null
    and a.file_name ~ '^Invoice [^ ]+( \(\d+\))?\.(pdf|xml)$';
