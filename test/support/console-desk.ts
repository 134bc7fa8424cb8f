import { workPromises } from '#features/collections/work-promises.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import type { Books } from './given.ts';
import { callApi } from './server.ts';

type Row = { id: string; customer_id: string };

/** A morning at the desk: a family, a dispute, a promise that is due, calls and tasks, a change of many. */
export async function deskOf(books: Books, key: string, called: string) {
  const send = async (method: 'POST' | 'PATCH', url: string, body: unknown): Promise<void> => {
    const reply = await callApi(key, method, url, body);
    if (reply.status >= 300) throw new Error(`${method} ${url}: ${JSON.stringify(reply.body)}`);
  };
  const { body } = await callApi(key, 'GET', '/v1/invoices?status=past_due&sort=due_date&limit=100');
  const late = (body as { data: Row[] }).data;
  const first = (at: number): Row => {
    const customers = [...new Set(late.map((each) => each.customer_id))].filter((id) => id !== called);
    return must(
      late.find((each) => each.customer_id === customers[at]),
      `a late invoice of customer ${at}`,
    );
  };
  const today = dateIn('America/Los_Angeles', books.now);
  const [parent, child, disputed] = [first(0), first(1), first(2)];
  await send('PATCH', `/v1/customers/${child.customer_id}`, {
    parent_id: parent.customer_id,
    bill_with_parent: true,
    customer_type: 'Wholesale',
  });
  await send('POST', `/v1/invoices/${disputed.id}/promises`, {
    promised_on: today,
    note: 'Owner is back today',
  });
  await send('POST', `/v1/invoices/${disputed.id}/disputes`, {
    reason: 'Two of the six hours were not worked.',
  });
  await send('PATCH', `/v1/invoices/${disputed.id}`, { reminders_off: true, late_fees_off: true });
  await send('PATCH', `/v1/customers/${parent.customer_id}`, { do_not_contact: 'represented' });
  const at = `/v1/customers/${called}`;
  await send('POST', `${at}/notes`, { outcome: 'left_message', text: 'Ms. Alvarez calls back after lunch.' });
  await send('POST', `${at}/tasks`, { title: 'Send the signed delivery note', due_on: today });
  await send('POST', '/v1/setting-changes', { settings: { 'statement.paper': true } });
  await workPromises(books, { organizationId: books.organizationId, today, now: books.now });
  return {
    parentCustomer: parent.customer_id,
    childCustomer: child.customer_id,
    disputedInvoice: disputed.id,
  };
}
