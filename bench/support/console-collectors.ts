import type { Make } from './console-maker.ts';

/** Who is asked, who promised, who wrote. */
export function desk({ id, customer, customers, invoices, person, rows }: Make): Record<string, string> {
  const of = { customer_id: customer, invoice_id: id('inv') };
  const ticket = {
    number: 'n',
    desk: `case when n % 10 = 0 then 'host' else 'organization' end`,
    state: `(array['closed', 'solved', 'closed', 'waiting', 'closed', 'open', 'new'])[1 + n % 7]`,
    category: `(array['invoice', 'payment', 'sign_in', 'other'])[1 + n % 4]`,
    priority: `(array['normal', 'high', 'normal', 'low'])[1 + n % 4]`,
    subject: `'Question ' || n`,
    asker_name: `'A payer'`,
    asker_email: `'c' || n % ${customers} || '@example.test'`,
    ...of,
    created_at: 'd',
    updated_at: 'd',
  };
  return {
    disputes: rows(
      'disputes',
      {
        id: id('dsp'),
        ...of,
        reason: `'Wrong'`,
        state: `case when n % 5 = 0 then 'open' else 'resolved' end`,
        created_at: 'd',
        ended_at: 'case when n % 5 > 0 then d + 5 end',
      },
      invoices / 200,
    ),
    promises_to_pay: rows(
      'promises_to_pay',
      {
        id: id('ptp'),
        ...of,
        amount: 't',
        promised_on: 'd + 10',
        state: `case when n % 5 = 0 then 'open' else 'kept' end`,
        created_at: 'd',
        ended_at: 'case when n % 5 > 0 then d + 5 end',
      },
      invoices / 100,
    ),
    tasks: rows(
      'tasks',
      {
        id: id('tsk'),
        ...of,
        kind: `'hand'`,
        title: `'Call ' || n`,
        due_on: 'd',
        assignee_id: person,
        created_at: 'd',
        done_at: 'case when n % 4 > 0 then d + 5 end',
      },
      customers,
    ),
    customer_notes: rows(
      'customer_notes',
      { id: id('nte'), ...of, outcome: `'note'`, text: `'Called ' || n`, created_at: 'd' },
      customers * 2,
    ),
    worklist: rows(
      'worklist',
      {
        customer_id: customer,
        rank: '(n::bigint * 7919 % 1000003)',
        reasons: `jsonb_build_array(jsonb_build_object('kind', 'task', 'amount', t, 'title', 'Call', 'due_on', d))`,
        kinds: `array[(array['task', 'bounce', 'task'])[1 + n % 3]]`,
        amount: 't',
        oldest_due: 'd',
        assignee_id: `case when n % 3 = 0 then ${person} end`,
        refreshed_at: 'now()',
      },
      customers / 3,
    ),
    replies: rows(
      'replies',
      {
        id: id('rpl'),
        message_id: id('msg'),
        ...of,
        from_name: `'A payer'`,
        from_email: `'a@example.test'`,
        subject: `'Re'`,
        text: `'Thanks'`,
        quoted: `''`,
        mail_key: `'k' || n`,
        received_at: 'd',
      },
      invoices / 50,
    ),
    email_problems: rows(
      'email_problems',
      {
        email: `'c' || n * 50 || '@example.test'`,
        kind: `'hard_bounce'`,
        reason: `'no such user'`,
        message_id: id('msg'),
        since: 'd',
      },
      customers / 50,
    ),
    reminders: rows(
      'reminders',
      {
        id: id('rem'),
        ...of,
        step_id: id('stp', '1'),
        due_on: 'd',
        occurrence: '0',
        message_type: `'payment_past_due'`,
        state: `'sent'`,
        sent_on: 'd',
        sent_at: 'd',
        message_ids: `array[${id('msg')}]`,
      },
      invoices / 5,
    ),
    tickets: rows('tickets', { id: id('tkt'), ...ticket }, customers / 2),
    ticket_posts: rows(
      'ticket_posts',
      {
        id: id('tkp'),
        ticket_id: id('tkt', `(1 + n % ${Math.ceil(customers / 2)})`),
        desk: `'organization'`,
        kind: `'words'`,
        side: `'asker'`,
        way: `'portal'`,
        author_name: `'A payer'`,
        words: `'Where is it?'`,
        quoted: `''`,
        created_at: 'd',
      },
      customers * 2,
    ),
  };
}
