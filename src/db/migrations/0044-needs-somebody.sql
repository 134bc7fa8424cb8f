-- What needs somebody: schedules that stopped by themselves and promises that were broken, each by an index of just these.
create index schedules_paused on schedules (organization_id, listed_on, id) where state = 'paused';
create index schedules_stopped on schedules (organization_id) where state = 'paused' and pause_reason <> 'by_hand'
  and payment_plan_id is null;
create index promises_broken on promises_to_pay (organization_id, ended_at) where state = 'broken';
