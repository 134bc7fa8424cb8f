-- What readers said of the articles of the guide. The same reader's later word replaces the one before.
create table help_feedback (
  organization_id id not null references organizations,
  slug text not null check (length(slug) between 1 and 80),
  reader id not null,
  helpful boolean not null,
  words text not null check (length(words) <= 2000),
  created_at timestamptz not null,
  primary key (organization_id, slug, reader)
);
call wall_off('help_feedback');
