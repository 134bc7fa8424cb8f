-- The payments report: what a gateway itself said, and each filter answered by an index.

alter table payments
  -- The vendor's own code and words for the last refusal, or why its answer is not known; for staff.
  add column gateway_code text,
  add column gateway_message text,
  -- The gateway has captured the charge: it is given back by a refund, at once, and voided no more.
  add column refund_at_once boolean not null default false;

drop index payments_failed;
create index payments_rejected on payments (organization_id, received_on, id) where state in ('declined', 'returned');
create index payments_voided on payments (organization_id, received_on, id) where state = 'voided';
-- One index for all three: a filter that is not set stands in it as the list of all its values.
create index payments_facets on payments (organization_id, kind, source, gateway_account_id, received_on, id);
create index payments_amount on payments (organization_id, amount, received_on, id);

-- Staff says that the owner of a card agreed to have it kept.
alter table authorizations drop constraint authorizations_kind_check,
  add constraint authorizations_kind_check check (kind in ('bank_debit', 'payment_terms', 'card_on_file'));
