import type pg from 'pg';
import type { Side } from './compare-pages.ts';
import type { Size } from './console-books.ts';
import { sqlId } from './database.ts';
import { fillTable } from './past-payments.ts';

/** The person who looks at the console of an organization, and its stored gateway. */
export const personOf = (tag: number): string => `usr_${String(tag * 100_000_000).padStart(22, '0')}`;

/**
 * What else two years leave behind beside invoices and payments: estimates, schedules, plans, autopay, the collectors'
 * desk, tickets, replies, credit, fees, deposits, chargebacks, bulk actions, views, notices. As many of each as a busy
 * company of that size has.
 */
export async function fillConsoleDesk(
  pool: pg.Pool,
  { organizationId, tag }: Side,
  size: Size,
): Promise<void> {
  const client = await pool.connect();
  await client.query(`set session_replication_role = replica; set synchronous_commit = off;
    set maintenance_work_mem = '512MB'; set work_mem = '128MB'`);
  const tables = { ...people(organizationId, tag), ...statements(organizationId, tag, size) };
  for (const [table, insert] of Object.entries(tables)) {
    if (size.invoices > 10_000 && !['users', 'organization_users'].includes(table))
      await fillTable(client, table, insert);
    else await client.query(insert);
  }
  await client.query('reset all');
  client.release();
}

const people = (organizationId: string, tag: number): Record<string, string> => ({
  users: `insert into users (id, email, first_name, last_name, password_hash, operator, created_at)
    values ('${personOf(tag)}', 'person${tag}@example.test', 'Ada', 'Lee', 'x', true, now())`,
  organization_users: `insert into organization_users (organization_id, user_id, roles, created_at)
    values ('${organizationId}', '${personOf(tag)}', '{superuser}', '2024-01-01')`,
});

function statements(organizationId: string, tag: number, size: Size): Record<string, string> {
  const make = maker(organizationId, tag, size);
  return { ...standing(make), ...desk(make), ...money(make), ...office(make) };
}

type Make = ReturnType<typeof maker>;
function maker(organizationId: string, tag: number, { customers, invoices }: Size) {
  const id = (prefix: string, number = 'n') => sqlId(prefix, `(${tag}::bigint * 100000000 + ${number})`);
  return {
    customers,
    invoices,
    id,
    customer: id('cus', `(1 + n % ${customers})`),
    person: `'${personOf(tag)}'`,
    /** One row for each number, over the two years. */
    rows: (table: string, values: Record<string, string>, count: number) => {
      const columns = { organization_id: `'${organizationId}'`, ...values };
      return `insert into ${table} (${Object.keys(columns)}) select ${Object.values(columns)}
        from generate_series(1, ${Math.ceil(count)}) n cross join lateral (select 10000 + (n::bigint * 104729 % 900000) as t,
          date '2024-11-27' + (n * 730::bigint / ${Math.ceil(count)})::int as d) x`;
    },
  };
}

/** What comes by itself. */
function standing({ id, customer, customers, invoices, rows }: Make): Record<string, string> {
  const agreed = { payment_method_id: id('pmt'), authorization_id: id('aut') };
  const plan = `(array['active', 'completed', 'active', 'cancelled', 'requested', 'defaulted'])[1 + n % 6]`;
  const planRows = {
    id: id('pln'),
    customer_id: customer,
    by_staff: 'n % 2 = 0',
    state: plan,
    currency: `'USD'`,
    total: 't',
    down_payment: '1000',
    cadence: `'monthly'`,
    installments: '6',
    first_on: 'd',
    most_amount: 't',
    move_days: '3',
    missed_limit: '2',
    ...agreed,
    created_at: 'd',
    ended_at: `case when ${plan} in ('completed', 'cancelled', 'defaulted') then d + 90 end`,
  };
  return {
    payment_methods: rows(
      'payment_methods',
      {
        id: id('pmt'),
        customer_id: customer,
        gateway_account_id: id('gwa', '1'),
        kind: `'card'`,
        brand: `'visa'`,
        last4: `'4242'`,
        expiry_year: '2030',
        expiry_month: '12',
        stored_token: `'tok' || n`,
        added_by: `'staff'`,
        created_at: 'd',
      },
      customers,
    ),
    autopays: rows(
      'autopays',
      {
        customer_id: customer,
        ...agreed,
        charge_when: `'due_date'`,
        notice_days: '3',
        since: 'd',
        set_at: 'd',
        ended_at: 'case when n % 5 = 0 then d + 30 end',
        ended_why: `case when n % 5 = 0 then 'by_payer' end`,
      },
      customers / 3,
    ),
    autopay_runs: rows(
      'autopay_runs',
      {
        id: id('apr'),
        customer_id: customer,
        payer_id: customer,
        ...agreed,
        run_on: 'd',
        amount: 't',
        currency: `'USD'`,
        payment_id: id('pay'),
        failed_at: 'case when n % 10 = 0 then d end',
        failed_why: `case when n % 10 = 0 then 'declined' end`,
        created_at: 'd',
      },
      invoices / 5,
    ),
    autopay_tries: rows(
      'autopay_tries',
      { invoice_id: id('inv'), try_no: '1', run_id: id('apr'), customer_id: customer },
      invoices / 5,
    ),
    schedules: rows(
      'schedules',
      {
        id: id('sch'),
        customer_id: customer,
        kind: `'payment'`,
        state: `case when n % 3 = 0 then 'completed' else 'running' end`,
        description: `'Rent ' || n`,
        currency: `'USD'`,
        amount: 't',
        unit: `'month'`,
        every: '1',
        starts_on: 'd',
        taken: 'n % 24',
        next_on: `case when n % 3 > 0 then date '2026-11-28' + n % 30 end`,
        ended_at: 'case when n % 3 = 0 then d + 30 end',
        applies_to: `'oldest_invoices'`,
        ...agreed,
        created_at: 'd',
        updated_at: 'd',
      },
      customers / 2,
    ),
    payment_plans: rows('payment_plans', planRows, customers / 5),
    payment_plan_installments: rows(
      'payment_plan_installments',
      {
        id: id('ins'),
        payment_plan_id: id('pln', '(1 + n / 6)'),
        customer_id: customer,
        number: '1 + n % 6',
        due_on: 'd',
        agreed_on: 'd',
        amount: 't',
        state: `'paid'`,
      },
      (customers * 6) / 5,
    ),
    payment_plan_invoices: rows(
      'payment_plan_invoices',
      {
        payment_plan_id: id('pln'),
        invoice_id: id('inv'),
        customer_id: customer,
        agreed_total: 't',
        agreed_due: 't',
      },
      customers / 5,
    ),
  };
}

/** Who is asked, who promised, who wrote. */
function desk({ id, customer, customers, invoices, person, rows }: Make): Record<string, string> {
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

/** Papers and money beside invoices and payments. */
function money({ id, customer, customers, invoices, rows }: Make): Record<string, string> {
  const of = { customer_id: customer, invoice_id: id('inv') };
  const sums = { currency: `'USD'`, subtotal: 't', total: 't' };
  return {
    estimates: rows(
      'estimates',
      {
        id: id('est'),
        customer_id: customer,
        number: `'E-' || n`,
        ...sums,
        estimate_date: 'd',
        expires_on: 'd + 30',
        sent_at: 'case when n % 10 > 0 then d end',
        answer: `(array['accepted', 'declined', null])[1 + n % 3]`,
        billed_bps: 'case when n % 3 = 0 and n % 2 = 0 then 10000 else 0 end',
        created_at: 'd',
        updated_at: 'd',
      },
      invoices / 10,
    ),
    credit_memos: rows(
      'credit_memos',
      {
        id: id('crm'),
        customer_id: customer,
        number: `'C-' || n`,
        ...sums,
        memo_date: 'd',
        issued_at: 'd',
        created_at: 'd',
      },
      invoices / 50,
    ),
    late_fees: rows(
      'late_fees',
      {
        id: id('lfe'),
        ...of,
        sequence: '1',
        policy_version: '1',
        state: `'posted'`,
        fell_due_on: 'd',
        amount: '500',
        currency: `'USD'`,
        created_at: 'd',
      },
      invoices / 20,
    ),
    payment_links: rows(
      'payment_links',
      {
        id: id('plk'),
        customer_id: customer,
        description: `'Deposit'`,
        amount: 't',
        is_fixed: 'true',
        currency: `'USD'`,
        created_at: 'd',
        expires_at: 'd + 60',
      },
      customers,
    ),
    refunds: rows(
      'refunds',
      {
        id: id('ref'),
        payment_id: id('pay'),
        customer_id: customer,
        request_key: `'r' || n`,
        request_hash: `'h'`,
        state: `'settled'`,
        amount: '100',
        fee_handling: `'inclusive'`,
        currency: `'USD'`,
        account: `'bank'`,
        requested_at: 'd',
        posted_at: 'd',
        settled_at: 'd',
      },
      invoices / 200,
    ),
    deposits: rows(
      'deposits',
      {
        id: id('dep'),
        kind: `'hand'`,
        state: `'paid'`,
        amount: 't',
        gross: 't',
        fees: '0',
        returned: '0',
        currency: `'USD'`,
        made_on: 'd',
        arrives_on: 'd',
        hash: `'h'`,
        posted_at: 'd',
        created_at: 'd',
        updated_at: 'd',
      },
      invoices / 50,
    ),
    deposit_lines: rows(
      'deposit_lines',
      {
        deposit_id: id('dep', '(1 + n / 50)'),
        line_no: '1 + n % 50',
        reference: `'l' || n`,
        kind: `'charge'`,
        payment_id: id('pay'),
        gross: 't',
        fee: '0',
        net: 't',
        description: `''`,
        on_date: 'd',
      },
      invoices,
    ),
    chargebacks: rows(
      'chargebacks',
      {
        id: id('chb'),
        gateway_account_id: id('gwa', '1'),
        gateway_reference: `'g' || n`,
        payment_id: id('pay'),
        customer_id: customer,
        state: `(array['opened', 'won', 'lost', 'lost'])[1 + n % 4]`,
        amount: 't',
        currency: `'USD'`,
        code: `'10.4'`,
        reason: `'Fraud'`,
        opened_at: 'd',
        evidence_due_at: 'd + 20',
        created_at: 'd',
      },
      invoices / 500,
    ),
    files: rows(
      'files',
      {
        id: id('fil'),
        ...of,
        file_name: `'contract.pdf'`,
        content_type: `'application/pdf'`,
        size_bytes: '1000',
        hash: `'h'`,
        customer_sees: 'false',
        created_at: 'd',
      },
      customers,
    ),
  };
}

/** What the console keeps of itself, and what a host keeps of its subscribers. */
function office({ id, customer, customers, invoices, person, rows }: Make): Record<string, string> {
  const sold = Math.ceil(customers / 10);
  return {
    bulk_actions: rows(
      'bulk_actions',
      {
        id: id('blk'),
        subject: `case when n % 4 = 0 then 'customers' else 'invoices' end`,
        action: `'send'`,
        settings: `'{}'`,
        chosen: `'{}'`,
        state: `'done'`,
        total: '1000',
        user_id: person,
        asked_on: 'd',
        created_at: 'd',
        finished_at: 'd',
      },
      invoices / 1000,
    ),
    bulk_action_rows: rows(
      'bulk_action_rows',
      {
        bulk_action_id: id('blk', '(1 + n / 500)'),
        row_id: id('inv'),
        label: `'B-' || n`,
        rule: `'paid'`,
        reason: `'It is paid'`,
      },
      invoices / 2,
    ),
    saved_views: rows(
      'saved_views',
      {
        id: id('svw'),
        list: `(array['invoices', 'customers', 'payments'])[1 + n % 3]`,
        user_id: person,
        shared: 'false',
        name: `'View ' || n`,
        search: `'{}'`,
        created_at: 'd',
        updated_at: 'd',
      },
      30,
    ),
    import_batches: rows(
      'import_batches',
      {
        id: id('imp'),
        kind: `'invoices'`,
        file_name: `'a.csv'`,
        state: `'imported'`,
        created_at: 'd',
        updated_at: 'd',
      },
      invoices / 1000,
    ),
    notices: rows(
      'notices',
      {
        id: id('ntc'),
        kind: `(array['payment_received', 'dispute_opened', 'charge_failed'])[1 + n % 3]`,
        key: `'k' || n`,
        title: `'A dispute'`,
        path: `'/invoices'`,
        customer_id: customer,
        created_at: 'd',
      },
      invoices / 20,
    ),
    webhooks_in: rows(
      'webhooks_in',
      {
        id: id('whk'),
        gateway_account_id: id('gwa', '1'),
        event_key: `'e' || n`,
        payment_ids: `array[${id('pay')}]`,
        raw: `'{}'`,
        received_at: 'd',
        state: `case when n % 1000 = 0 then 'failed' else 'worked' end`,
      },
      invoices / 5,
    ),
    items: rows('items', { id: id('itm'), name: `'Item ' || n`, created_at: 'd' }, customers / 10),
    billing_plans: rows(
      'billing_plans',
      {
        id: id('bpl'),
        name: `'Plan ' || n`,
        every: `'month'`,
        price: '1000',
        trial_days: '0',
        meters: `'[]'`,
        created_at: 'd',
      },
      3,
    ),
    billing_subscriptions: rows(
      'billing_subscriptions',
      {
        id: id('bsu'),
        subscriber_id: id('org'),
        customer_id: customer,
        plan_id: id('bpl', '(1 + n % 3)'),
        anchor_on: 'd',
        created_at: 'd',
      },
      sold,
    ),
    billing_periods: rows(
      'billing_periods',
      {
        subscription_id: id('bsu', `(1 + n % ${sold})`),
        number: `1 + (n - 1) / ${sold}`,
        plan_id: id('bpl', '1'),
        is_trial: 'false',
        base: '1000',
        starts_on: 'd',
        ends_on: 'd + 30',
        closed_on: `case when n <= ${sold} * 11 then d + 30 end`,
      },
      sold * 12,
    ),
    billing_usage: rows(
      'billing_usage',
      {
        subscriber_id: id('org', `(1 + n % ${sold})`),
        day: `date '2026-11-27' - ((n - 1) / ${sold})::int`,
        meter: `'emails'`,
        quantity: '5',
      },
      sold * 30,
    ),
  };
}
