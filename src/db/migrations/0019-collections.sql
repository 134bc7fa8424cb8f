-- The collections desk: what a person does about what is owed, and the settings that say what Owed does by itself.

alter table organizations
  add column default_send_receipts boolean not null default true,
  add column default_ignore_conflicts boolean not null default false,
  add column default_bill_with_parent boolean not null default false,
  -- Whether a new customer is seeded by its type's own set, where there is one.
  add column defaults_by_type boolean not null default false;

alter table customers
  -- Stops every automatic message: a lawyer speaks for them, or they asked to be left alone (Rosenthal Act, FDCPA).
  add column do_not_contact text check (do_not_contact in ('represented', 'cease_contact')),
  -- Who looks after what this customer owes.
  add column collector_id id,
  add foreign key (organization_id, collector_id) references organization_users on delete set null (collector_id);
create index customers_type on customers (organization_id, customer_type, id) where customer_type is not null;
create index customers_parent on customers (organization_id, parent_id, id) where parent_id is not null;

-- The same settings as the defaults of an organization, for customers of one type.
create table customer_type_defaults (
  organization_id id not null references organizations,
  customer_type text not null check (length(customer_type) between 1 and 100),
  allow_card boolean not null,
  allow_bank_account boolean not null,
  allow_paypal boolean not null,
  allow_partial_payments boolean not null,
  send_receipts boolean not null,
  send_reminders boolean not null,
  charge_late_fees boolean not null,
  ignore_conflicts boolean not null,
  bill_with_parent boolean not null,
  portal_show_children boolean not null,
  portal_edit_profile boolean not null,
  portal_edit_methods boolean not null,
  portal_edit_autopay boolean not null,
  message_cells text[] not null,
  updated_at timestamptz not null,
  primary key (organization_id, customer_type)
);
call wall_off('customer_type_defaults');

-- Settings pushed to customers who are there already, and what each of them had before.
create table setting_changes (
  organization_id id not null references organizations,
  id id not null,
  -- name → on or off; empty when the type itself is renamed.
  settings jsonb not null,
  -- Only customers of this type; null: all.
  customer_type text,
  new_type text check (length(new_type) between 1 and 100),
  state text not null check (state in ('running', 'done', 'undoing', 'undone')),
  total int not null,
  looked int not null default 0,
  changed int not null default 0,
  restored int not null default 0,
  kept int not null default 0,
  done_through id,
  asked_by id,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (organization_id, id)
);
call wall_off('setting_changes');
create table setting_change_rows (
  organization_id id not null,
  change_id id not null,
  customer_id id not null,
  before jsonb not null,
  primary key (organization_id, change_id, customer_id),
  foreign key (organization_id, change_id) references setting_changes,
  foreign key (organization_id, customer_id) references customers
);
call wall_off('setting_change_rows');

-- What was paid when the promise was made: it is kept by what comes after.
alter table promises_to_pay add column paid_before minor_units not null default 0;
create index promises_invoice on promises_to_pay (organization_id, invoice_id, id desc);
alter table disputes add column by_customer boolean not null default false;
create index disputes_invoice on disputes (organization_id, invoice_id, id desc);
create index disputes_resting on disputes (organization_id, rests_until) where state = 'open';

-- What was said, by telephone or else.
create table customer_notes (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  invoice_id id,
  outcome text not null check (outcome in ('note', 'reached', 'left_message', 'no_answer', 'wrong_number', 'promised')),
  text text not null check (length(text) <= 4000),
  user_id id,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, invoice_id) references invoices,
  constraint note_says_something check (text <> '' or outcome <> 'note')
);
create index customer_notes_newest on customer_notes (organization_id, customer_id, id desc);
call wall_off('customer_notes');

-- Something a person has to do by a day.
create table tasks (
  organization_id id not null references organizations,
  id id not null,
  customer_id id not null,
  invoice_id id,
  kind text not null check (kind in ('hand', 'broken_promise', 'dispute')),
  title text not null check (length(title) between 1 and 300),
  due_on date not null,
  assignee_id id,
  -- What made it by itself, so that it is made once.
  cause text collate "C",
  created_at timestamptz not null,
  done_at timestamptz,
  done_by id,
  primary key (organization_id, id),
  foreign key (organization_id, assignee_id) references organization_users on delete set null (assignee_id),
  foreign key (organization_id, customer_id) references customers,
  foreign key (organization_id, invoice_id) references invoices
);
create unique index tasks_cause on tasks (organization_id, cause) where cause is not null;
create index tasks_open on tasks (organization_id, customer_id, due_on, id) where done_at is null;
create index tasks_due on tasks (organization_id, due_on, id) where done_at is null;
create index tasks_newest on tasks (organization_id, customer_id, id desc);
call wall_off('tasks');

-- One row for each customer that needs somebody today, ranked. Kept by refresh-worklist.ts: a sum over all that is past
-- due is no list that opens in a moment.
create table worklist (
  organization_id id not null references organizations,
  customer_id id not null,
  rank bigint not null,
  reasons jsonb not null,
  kinds text[] not null,
  amount minor_units not null,
  oldest_due date,
  assignee_id id,
  refreshed_at timestamptz not null,
  primary key (organization_id, customer_id),
  foreign key (organization_id, customer_id) references customers
);
create index worklist_rank on worklist (organization_id, rank desc, customer_id);
create index worklist_assignee on worklist (organization_id, assignee_id, rank desc, customer_id)
  where assignee_id is not null;
-- One for each kind of reason that few have: the list of them is not looked for among all others.
create index worklist_broken_promise on worklist (organization_id, rank desc, customer_id) where 'broken_promise' = any(kinds);
create index worklist_promise_due on worklist (organization_id, rank desc, customer_id) where 'promise_due' = any(kinds);
create index worklist_failed_payment on worklist (organization_id, rank desc, customer_id) where 'failed_payment' = any(kinds);
create index worklist_dispute on worklist (organization_id, rank desc, customer_id) where 'dispute' = any(kinds);
create index worklist_task on worklist (organization_id, rank desc, customer_id) where 'task' = any(kinds);
create index worklist_bounce on worklist (organization_id, rank desc, customer_id) where 'bounce' = any(kinds);
call wall_off('worklist');
