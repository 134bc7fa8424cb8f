-- Mail to a customer that did not arrive, or was held back because of its address: looked for when that is repaired.
create index messages_to_send_again on messages (organization_id, customer_id, id)
  where put_right_at is null and customer_id is not null
    and (state = 'bounced' or suppressed_by = 'email_problem');

-- Until when the printer takes a letter back.
alter table messages add column cancelable_until timestamptz;
