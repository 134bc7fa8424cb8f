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
