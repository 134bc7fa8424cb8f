-- Mail to a customer that did not arrive, or was held back because of its address: looked for when that is repaired.
create index messages_to_send_again on messages (organization_id, customer_id, id)
  where put_right_at is null and customer_id is not null
    and (state = 'bounced' or suppressed_by = 'email_problem');

-- Until when the printer takes a letter back.
alter table messages add column cancelable_until timestamptz;

-- Words of a single step in a text message and in a letter; null: those of the template, or of the step's mail.
alter table dunning_steps
  add column text_body text check (length(text_body) between 1 and 1500),
  add column letter_subject text check (length(letter_subject) between 1 and 300),
  add column letter_body text check (length(letter_body) between 1 and 20000);

-- A reminder names its invoice, which names its customer and its organization: asked once a row instead of three times.
alter table reminders drop constraint reminders_organization_id_fkey,
  drop constraint reminders_organization_id_customer_id_fkey;
