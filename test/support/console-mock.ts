import { fileURLToPath } from 'node:url';
import staticFiles from '@fastify/static';
import fastify from 'fastify';
import { addDays, daysBetween } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';

// A stand-in for the server while the console is drawn: made-up rows behind the same addresses.
const today = '2026-03-18';
const at = (date: string, time = '15:04:00') => `${date}T${time}.000Z`;
let seed = 7;
const chance = () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648);
const upTo = (n: number) => Math.floor(chance() * n);
const one = <T>(items: readonly T[]): T => items[upTo(items.length)] as T;
type Row = Record<string, any>;

const names = ['Harbor & Pine Studio', 'Castellan Freight', 'Mira Lindqvist', 'Oakfield Veterinary', 'Brightwater Schools', 'Nolan Bros Roofing',
  'Verity Labs', 'Quill & Anchor Press', 'Tamarind Kitchen', 'Westmark Property Group', 'Eastgate Dental', 'Solvang Cycling', 'Pemberton Legal LLP',
  'Juniper Floral', 'Ridgeline Outfitters', 'Cobalt Print Works', 'St. Alban’s Parish', 'Maple Street Bakery', 'Ferro Industrial Supply',
  'Lumen Photography', 'Delgado Landscaping', 'Northside Youth Theatre', 'Okafor Consulting', 'Piedmont Coffee Roasters', 'Abara Textiles',
  'Grantham Estates', 'Wren & Daughters', 'Halcyon Yoga', 'Tidewater Marine', 'Zimmer Elektro'];
const customers: Row[] = names.map((display_name, i) => ({
  object: 'customer', id: newId('customer'), display_name, external_id: i % 3 ? `C-${1000 + i}` : null, business_name: display_name, first_name: 'Dana',
  last_name: 'Reyes', email: i === 8 ? null : `billing@${display_name.toLowerCase().replace(/[^a-z]/g, '')}.example`, cc_emails: i % 4 ? [] : ['books@example.com'], phone: '+1 503 555 0142',
  billing_address: { line1: '218 Alder Street', city: 'Portland', region: 'OR', postal_code: '97205', country: 'US' }, shipping_address: {},
  customer_type: i % 2 ? 'Commercial' : null, parent_id: null, notes: i % 5 ? null : 'Prefers one invoice a month.', terms_days: i % 4 ? null : 15,
  allow_card: true, allow_bank_account: true, allow_partial_payments: i % 2 === 0, send_receipts: true, portal_show_children: false,
  portal_edit_profile: true, portal_edit_methods: true, portal_edit_autopay: true, active: i !== 27, open_balance: 0, past_due_balance: 0,
  open_invoices: 0, unapplied_cash: i === 3 ? 12500 : 0, currency: 'USD',
  portal: { state: ['never_invited', 'invited', 'active', 'active', 'email_unconfirmed', 'locked'][i % 6], invited_at: i % 6 ? at('2026-03-01') : null,
    last_sign_in_at: i % 6 === 2 ? at('2026-03-15') : null, locked_until: null },
  created_at: at('2025-11-02'), updated_at: at('2026-02-11'),
}));
const items = ['Design retainer', 'Site survey', 'Quarterly maintenance', 'Freight, pallet', 'Consulting hours', 'Licence renewal'];
const invoices: Row[] = Array.from({ length: 90 }, (_, i) => {
  const customer = customers[upTo(customers.length)] as Row;
  const date = addDays(today, -upTo(150));
  const due = addDays(date, 30);
  const lines = Array.from({ length: 1 + upTo(4) }, () => {
    const quantity = 1 + upTo(12); const price = 2500 + upTo(90000);
    return { item_name: one(items), description: 'March, as agreed in the statement of work', quantity: String(quantity), unit_price: String(price / 100), amount: quantity * price, taxable: chance() > 0.5, tax_rate: '8.25' };
  });
  const subtotal = lines.reduce((s, l) => s + l.amount, 0);
  const tax = Math.round(lines.filter((l) => l.taxable).reduce((s, l) => s + l.amount, 0) * 0.0825);
  const total = subtotal + tax;
  const state = i < 3 ? 'draft' : i % 17 === 0 ? 'void' : one(['open', 'open', 'open', 'paid', 'paid', 'pending']);
  const applied = state === 'paid' ? total : state === 'open' && chance() > 0.8 ? Math.floor(total / 3) : 0;
  const balance_due = total - applied;
  const late = state === 'open' ? Math.max(0, daysBetween(due, today)) : 0;
  if (state === 'open' || state === 'pending') { customer.open_balance += balance_due; customer.open_invoices += 1; if (late) customer.past_due_balance += balance_due; }
  const issued_at = state === 'draft' ? null : at(date);
  return {
    object: 'invoice', id: newId('invoice'), number: `INV-${1001 + i}`, external_id: null, customer_id: customer.id, customer_name: customer.display_name,
    customer_email: customer.email, state, past_due: late > 0, days_late: late, currency: 'USD', invoice_date: date, due_date: due, terms: 'Net 30',
    po_number: i % 3 ? null : `PO-${4400 + i}`, memo: i % 4 ? null : 'Thank you for your business.', subtotal, tax, total, fees: 0, applied, credited: 0,
    written_off: 0, balance_due: state === 'void' ? 0 : balance_due, reserved: state === 'pending' ? balance_due : 0, payable_now: state === 'open' ? balance_due : 0, lines, payments: [],
    pay_url: 'http://localhost:4310/pay/inv/abcdef', issued_at, voided_at: state === 'void' ? at(due) : null, closed_at: state === 'paid' ? at(due) : null,
    first_sent_at: issued_at, last_sent_at: issued_at, last_viewed_at: chance() > 0.5 ? issued_at : null, created_at: at(date), updated_at: at(date),
  };
});
const payments: Row[] = invoices.filter((v) => v.applied > 0 || v.reserved > 0).map((v, i) => {
  const kind = one(['card', 'card', 'bank_account', 'check', 'wire']);
  const state = v.reserved > 0 ? (kind === 'bank_account' ? 'submitted' : 'pending') : i % 11 === 0 ? 'declined' : i % 13 === 0 ? 'returned' : kind === 'bank_account' ? 'collected' : 'settled';
  const amount = v.reserved || v.applied;
  const date = addDays(v.due_date, -upTo(20)) > today ? today : addDays(v.due_date, -upTo(20));
  const failed = state === 'declined' || state === 'returned';
  const id = newId('payment');
  v.payments.push({ payment_id: id, amount, state, kind, received_on: date });
  return {
    object: 'payment', id, customer_id: v.customer_id, customer_name: v.customer_name, kind, source: one(['portal', 'invoice_link', 'staff']), state, amount,
    applied: failed ? 0 : amount, unapplied: 0, currency: 'USD', received_on: date, reference: kind === 'check' ? '10432' : null, memo: null,
    method: kind === 'card' ? { brand: 'Visa', last4: '4242' } : kind === 'bank_account' ? { brand: 'First Harbor Bank', last4: '6789' } : null,
    payer: { name: 'Dana Reyes', email: v.customer_email }, decline: state === 'declined' ? { code: 'insufficient_funds', message: 'The bank declined: not enough money.', advice: 'Ask the customer to use another method.' } : null,
    return_code: state === 'returned' ? 'R01' : null, applications: [{ invoice_id: v.id, invoice_number: v.number, amount, state: failed ? 'ended' : v.reserved ? 'reserved' : 'applied' }],
    requested_at: at(date), posted_at: failed ? null : at(date, '15:04:09'), settled_at: state === 'settled' ? at(addDays(date, 2)) : null, ended_at: failed ? at(date) : null,
  };
});
const html = (v: Row) => `<div style="font-family:sans-serif;max-width:520px;margin:32px auto"><h2>Alder &amp; Finch</h2><p>Invoice ${v.number} for <b>$${(v.total / 100).toLocaleString()}</b> is due on ${v.due_date}.</p><p><a href="https://example.com" style="background:#0d5460;color:#fff;padding:12px 20px;border-radius:8px;text-decoration:none">Pay invoice</a></p></div>`;
const messages: Row[] = invoices.slice(3, 45).map((v, i) => ({
  object: 'message', id: newId('message'), kind: i % 5 ? 'invoice' : 'payment_receipt', state: i % 9 === 2 ? 'failed' : i % 7 === 3 ? 'queued' : 'sent', route: 'mailbox', from: 'Alder & Finch <invoices@alderfinch.example>',
  to: [v.customer_email ?? 'nobody@example.com'], cc: [], reply_to: 'hello@alderfinch.example', subject: `Invoice ${v.number} from Alder & Finch`, message_id: `<${i}@owed>`, customer_id: v.customer_id, invoice_id: v.id, payment_id: null,
  attempts: i % 9 === 2 ? 5 : 1, last_error: i % 9 === 2 ? '550 5.1.1 The mailbox does not exist' : null, next_attempt_at: null,
  attachments: i % 3 ? [] : [{ file_name: `${v.number}.pdf`, content_type: 'application/pdf', bytes: 48213, url: '#' }], created_at: at(v.invoice_date), sent_at: at(v.invoice_date), html: html(v), text: `Invoice ${v.number}\n\nPlease pay by ${v.due_date}.\nhttps://example.com/pay`,
}));
const organization: Row = {
  object: 'organization', id: newId('organization'), mode: 'sandbox', name: 'Alder & Finch', legal_name: 'Alder & Finch LLC', currency: 'USD', time_zone: 'America/Los_Angeles', locale: 'en-US',
  address: { line1: '1200 NW Marshall Street', line2: 'Suite 4', city: 'Portland', region: 'OR', postal_code: '97209', country: 'US' }, email: 'hello@alderfinch.example', phone: '+1 503 555 0100', website: 'https://alderfinch.example', tax_id: '93-1234567',
  brand_color: '#7a3b69', invoice_number_prefix: 'INV-', terms_days: 30, invoice_footer: 'Thank you.', payment_terms_text: null, reply_to: null, notify_emails: [], email_organization_receipts: true,
  attach_invoice_pdf: false, allow_partial_payments: true, default_allow_card: true, default_allow_bank_account: true, default_allow_partial_payments: true, default_portal_show_children: false, default_portal_edit_profile: true,
  default_portal_edit_methods: true, default_portal_edit_autopay: true, invoice_message_subject: null, invoice_message_body: null, logo_url: null, portal_url: 'http://localhost:4310/portal/alder-finch', now: at(today), today, created_at: at('2026-01-01'),
};
const scopes = ['customers:read', 'customers:write', 'invoices:read', 'invoices:write', 'payments:read', 'payments:write', 'messages:read', 'imports:write', 'settings:read', 'settings:write', 'clock:write', 'events:read'];
const org = { id: organization.id, name: organization.name, mode: 'sandbox' };
const me = { object: 'session', user: { id: newId('user'), email: 'robin@alderfinch.example', name: 'Robin Alder', operator: true }, organization: org, organizations: [org, { id: newId('organization'), name: 'Finch Rentals', mode: 'live' }], scopes };
const list = (rows: Row[], query: Row) => {
  const from = query.starting_after ? rows.findIndex((r) => r.id === query.starting_after) + 1 : 0;
  const limit = Number(query.limit ?? 25);
  return { object: 'list', data: rows.slice(from, from + limit), has_more: rows.length > from + limit };
};
const event = (type: string, subject_id: string, day: number, data: Row = {}, kind = 'user') => ({ object: 'event', id: newId('event'), type, subject_id, customer_id: null, actor: { kind, id: null, name: kind === 'user' ? 'Robin Alder' : null }, data, occurred_at: at(addDays(today, -day)) });
const fields = [['display_name', 'Display name', true], ['external_id', 'Your id', false], ['first_name', 'First name', false], ['last_name', 'Last name', false], ['email', 'E-mail', false], ['phone', 'Phone', false], ['billing_line1', 'Street', false], ['billing_city', 'City', false]].map(([key, label, required]) => ({ key, label, required }));
const header = ['Company', 'Cust No', 'Contact', 'Mail', 'Tel', 'Since'];
const samples = [['Harbor & Pine Studio', 'C-100', 'Dana Reyes', 'dana@harborpine.example', '503 555 0142', '03/04/2024'], ['Castellan Freight', 'C-101', 'Ivo Marek', 'ivo@castellan.example', '503 555 0199', '11/07/2023'], ['Mira Lindqvist', 'C-102', '', 'mira@example.com', '', '07/08/2025']];
const question = { field: 'since', likely: null, mixed: false, answer: null, column: 'Since', kind: 'date', question: 'Which comes first in these dates, the day or the month?', choices: [{ value: 'mdy', label: 'Month first: 03/04/2024 is March 4' }, { value: 'dmy', label: 'Day first: 03/04/2024 is April 3' }], samples: ['03/04/2024', '11/07/2023', '07/08/2025'] };
const batch = (state: string, extra: Row = {}): Row => ({ object: 'import', id: newId('importBatch'), kind: 'customers', file_name: 'customers-2026.csv', state, header, samples, mapping: { 0: 'display_name', 1: 'external_id', 3: 'email', 4: 'phone' }, fields, formats: {}, questions: [], missing: [], kept_count: 0, rows_total: 1240, rows_done: 0, rows_rejected: 0, created_count: 0, updated_count: 0, unchanged_count: 0, send_invoices: false, error: null, created_at: at(today), imported_at: null, undone_at: null, ...extra });
const imports: Row[] = [batch('mapping', { questions: [question] }), batch('checked', { rows_done: 1240, rows_rejected: 3, created_count: 1100, updated_count: 97, unchanged_count: 40 }), batch('imported', { kind: 'invoices', file_name: 'open-invoices.csv', rows_done: 412, rows_total: 412, rows_rejected: 2, created_count: 410, imported_at: at('2026-03-10') }), batch('undone', { file_name: 'trial.csv', created_count: 14, rows_total: 14, undone_at: at('2026-03-02'), imported_at: at('2026-03-02') }), batch('checking', { rows_done: 520 })];

const app = fastify();
app.register(staticFiles, { root: fileURLToPath(new URL('../../dist/staff', import.meta.url)), prefix: '/console/', wildcard: true });
app.setNotFoundHandler((request, reply) => (request.url.startsWith('/console') ? reply.sendFile('index.html') : reply.code(404).send({ error: { type: 'invalid_request_error', code: 'not_found', message: 'There is no such thing here.', request_id: newId('request') } })));
app.addHook('onSend', async (_request, reply) => { reply.header('content-security-policy', "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-src 'self'; connect-src 'self'"); });
app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
const byId = (rows: Row[]) => async (request: any, reply: any) => rows.find((r) => r.id === request.params.id) ?? reply.callNotFound();
const get = (path: string, run: (query: Row, params: Row) => unknown) => app.get(path, async (request) => run(request.query as Row, request.params as Row));
const has = (row: Row, q?: string) => !q || JSON.stringify(row).toLowerCase().includes(q.toLowerCase());
let signedIn = true;
app.get('/v1/session', async (request, reply) => (signedIn ? me : reply.code(401).send({ error: { type: 'authentication_error', code: 'unauthenticated', message: 'Sign in.', request_id: newId('request') } })));
app.post('/v1/session', async (request, reply) => { if ((request.body as Row).password === 'wrong') return reply.code(401).send({ error: { type: 'authentication_error', code: 'unauthenticated', message: 'E-mail or password is wrong.', request_id: newId('request') } }); signedIn = true; return me; });
app.delete('/v1/session', async () => { signedIn = false; return { object: 'signed_out' }; });
app.post('/v1/session/organization', async () => me);
get('/v1/installation', () => ({ object: 'installation', open: true }));
app.post('/v1/installation/sample', async () => me);
app.post('/v1/installation/organization', async () => me);
get('/v1/organization', () => organization);
app.patch('/v1/organization', async (request) => Object.assign(organization, request.body));
app.post('/v1/organization/logo', async (request) => Object.assign(organization, { logo_url: `data:${(request.body as Row).content_type};base64,${(request.body as Row).base64}` }));
get('/v1/overview', () => {
  const open = invoices.filter((v) => v.state === 'open' || v.state === 'pending');
  const bucket = (v: Row) => { const d = daysBetween(v.due_date, today); return d <= 0 ? 'current' : d <= 30 ? '1-30' : d <= 60 ? '31-60' : d <= 90 ? '61-90' : '90+'; };
  const sum = (rows: Row[]) => rows.reduce((s, r) => s + r.balance_due, 0);
  return { object: 'overview', currency: 'USD', open_invoices: open.length, open_amount: sum(open), past_due_invoices: open.filter((v) => v.past_due).length, past_due_amount: sum(open.filter((v) => v.past_due)),
    aging: ['current', '1-30', '31-60', '61-90', '90+'].map((b) => ({ bucket: b, amount: sum(open.filter((v) => bucket(v) === b)), invoices: open.filter((v) => bucket(v) === b).length })),
    collected_30_days: 4821350, collected_by_day: Array.from({ length: 30 }, (_, i) => ({ date: addDays(today, i - 29), amount: i % 7 > 4 ? 0 : (i * 7919) % 400000 })), pending_amount: 1832000, pending_payments: 7, customers: customers.length, failed_messages: 5, never_invited: 5,
    steps: [{ key: 'branding', done: true }, { key: 'customers', done: true }, { key: 'invoices', done: true }, { key: 'send', done: false }, { key: 'invite', done: false }, { key: 'payment', done: false }] };
});
get('/v1/customers', (q) => list(customers.filter((c) => has(c, q.q) && (q.status === 'all' || (q.status === 'inactive') === !c.active)).sort((a, b) => a.display_name.localeCompare(b.display_name)), q));
app.get('/v1/customers/:id', byId(customers));
app.post('/v1/customers', async (request) => { const c = { ...customers[0], ...(request.body as Row), id: newId('customer') }; customers.push(c); return c; });
app.patch('/v1/customers/:id', async (request) => Object.assign(customers.find((c) => c.id === (request.params as Row).id) as Row, request.body));
get('/v1/invoices', (q) => list(invoices.filter((v) => has({ n: v.number, c: v.customer_name }, q.q) && (!q.customer_id || v.customer_id === q.customer_id) && (!q.due_from || v.due_date >= q.due_from) && (!q.due_to || v.due_date <= q.due_to)
  && (!q.status || q.status === 'all' || (q.status === 'open' ? v.state === 'open' || v.state === 'pending' : q.status === 'past_due' ? v.past_due : q.status === 'draft' ? v.state === 'draft' : ['paid', 'void'].includes(v.state)))), q));
app.get('/v1/invoices/:id', byId(invoices));
app.post('/v1/invoices', async () => invoices[4]);
app.post('/v1/invoices/send', async (request) => ({ object: 'send_report', queued: (request.body as Row).invoice_ids.length - 1, skipped: [{ invoice_id: (request.body as Row).invoice_ids[0], number: 'INV-1001', reason: 'This invoice is a draft.' }] }));
for (const verb of ['issue', 'void', 'send']) app.post(`/v1/invoices/:id/${verb}`, async (request) => (verb === 'send' ? { object: 'message_reference', message_id: messages[0]?.id } : invoices.find((v) => v.id === (request.params as Row).id)));
get('/v1/payments', (q) => list(payments.filter((p) => has(p, q.q) && (!q.customer_id || p.customer_id === q.customer_id) && (!q.status || q.status === 'all' || (q.status === 'failed') === ['declined', 'returned'].includes(p.state))), q));
app.get('/v1/payments/:id', byId(payments));
app.post('/v1/payments', async () => payments[0]);
app.post('/v1/charges', async () => payments[0]);
get('/v1/payment-methods', (q) => list([{ object: 'payment_method', id: newId('paymentMethod'), customer_id: q.customer_id, kind: 'card', brand: 'Visa', last4: '4242', expiry: { year: 2027, month: 8 }, state: 'active', added_by: 'portal', created_at: at('2026-01-20') }, { object: 'payment_method', id: newId('paymentMethod'), customer_id: q.customer_id, kind: 'bank_account', brand: 'First Harbor Bank', last4: '6789', expiry: null, state: 'active', added_by: 'portal', created_at: at('2026-02-20') }], q));
get('/v1/messages', (q) => list(messages.filter((m) => (!q.state || q.state === 'all' || m.state === q.state) && (!q.invoice_id || m.invoice_id === q.invoice_id) && (!q.customer_id || m.customer_id === q.customer_id)), q));
app.get('/v1/messages/:id', byId(messages));
app.post('/v1/messages/:id/retry', async (request) => Object.assign(messages.find((m) => m.id === (request.params as Row).id) as Row, { state: 'queued' }));
get('/v1/events', (q) => list([event('invoice.viewed', q.subject_id ?? invoices[5]?.id, 1, { number: 'INV-1006' }, 'payer_link'), event('payment.requested', payments[0]?.id, 1, { amount: 125000 }, 'portal_user'), event('invoice.sent', q.subject_id ?? invoices[5]?.id, 3, { to: ['billing@harborpine.example'], number: 'INV-1006' }), event('message.failed', newId('message'), 3, { error: '550 unknown mailbox' }, 'system'), event('invoice.issued', q.subject_id ?? invoices[5]?.id, 4, { total: 125000, number: 'INV-1006' }), event('portal.password_reset', q.customer_id ?? customers[0]?.id, 8, {}, 'portal_user'), event('invoice.created', q.subject_id ?? invoices[5]?.id, 9, { number: 'INV-1006' })], q));
get('/v1/search', (q) => ({ object: 'search', data: [...customers.filter((c) => has({ n: c.display_name }, q.q)).slice(0, 4).map((c) => ({ kind: 'customer', id: c.id, title: c.display_name, detail: c.email ?? '' })), ...invoices.filter((v) => has({ n: v.number }, q.q)).slice(0, 4).map((v) => ({ kind: 'invoice', id: v.id, title: v.number, detail: v.customer_name }))] }));
get('/v1/imports', (q) => list(imports, q));
app.get('/v1/imports/:id', async (request, reply) => { const found = imports.find((b) => b.id === (request.params as Row).id); if (found?.state === 'checking') { found.rows_done = Math.min(found.rows_total, found.rows_done + 60); if (found.rows_done === found.rows_total) Object.assign(found, { state: 'checked', rows_rejected: 3, created_count: 1200, updated_count: 37 }); } return found ?? reply.callNotFound(); });
app.post('/v1/imports', async (request) => { const b = batch('mapping', { kind: (request.query as Row).kind, file_name: (request.query as Row).file_name, questions: [question] }); imports.unshift(b); return b; });
app.patch('/v1/imports/:id', async (request) => Object.assign(imports.find((b) => b.id === (request.params as Row).id) as Row, request.body));
for (const [verb, state] of [['check', 'checking'], ['import', 'imported'], ['undo', 'undone']]) app.post(`/v1/imports/:id/${verb}`, async (request) => Object.assign(imports.find((b) => b.id === (request.params as Row).id) as Row, { state, rows_done: verb === 'check' ? 0 : 1240 }));
get('/v1/imports/:id/rows', () => ({ object: 'list', has_more: true, data: samples.flatMap((cells, i) => [{ line: i * 2 + 2, cells, action: 'create', summary: `Add ${cells[0]}`, problems: [] }, { line: i * 2 + 3, cells: ['', 'C-9', 'Someone', 'not-an-address', '', '31/31/2024'], action: 'reject', summary: 'Left out', problems: [{ column: 'Mail', value: 'not-an-address', reason: 'is not an e-mail address' }, { column: 'Company', value: '', reason: 'is required' }] }]) }));
const keys = [{ object: 'api_key', id: newId('apiKey'), name: 'Warehouse sync', last4: '9f2c', scopes: ['invoices:read', 'customers:read'], created_at: at('2026-02-01'), last_used_at: at('2026-03-17') }];
get('/v1/api-keys', (q) => list(keys, q));
app.post('/v1/api-keys', async (request) => ({ ...keys[0], ...(request.body as Row), id: newId('apiKey'), token: 'owed_sk_sandbox_7c1f0e5d9a3b4c2e8f6a' }));
app.delete('/v1/api-keys/:id', async () => keys[0]);
app.post('/v1/clock/advance', async (request) => ({ object: 'clock', now: at(today), today, days: (request.body as Row).days, pending: true }));
app.post('/v1/portal-invitations', async (request) => ({ object: 'invitation_report', invited: (request.body as Row).customer_ids?.length ?? 0, skipped: [{ customer_id: customers[8]?.id, display_name: customers[8]?.display_name, reason: 'has no e-mail address' }], in_background: false }));
await app.listen({ port: 4310, host: '127.0.0.1' });
