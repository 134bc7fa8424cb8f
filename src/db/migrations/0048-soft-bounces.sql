-- Whether mail to an address keeps coming back softly: its last news, newest first.
create index message_news_of_address on message_news (organization_id, email, at)
  where kind in ('soft_bounced', 'delivered', 'opened', 'clicked');
