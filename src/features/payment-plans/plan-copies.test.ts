import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractText, getDocumentProxy } from 'unpdf';
import { paymentPlanJobs } from '#features/payment-plans/jobs.ts';
import { mailsOf, makings } from '../../../test/support/mails.ts';
import { ask, type Planned, planHouse, running } from '../../../test/support/plans.ts';

/** What the customer is sent when these events of a plan are told. */
async function told(house: Planned, planId: string, type: string) {
  const { books } = house;
  const { organizationId, db } = books;
  const { rows } = await db.pool.query<{ id: string }>(
    'select id from events where organization_id = $1 and subject_id = $2 and type = $3',
    [organizationId, planId, type],
  );
  const eventId = rows[0]?.id ?? '';
  await paymentPlanJobs({ db, ...makings })['tell-plan']({
    organizationId,
    subjectId: planId,
    eventId,
    type,
  });
  const kind = type.replace('payment_plan.', 'plan_');
  const mail = (await mailsOf(books)).find((each) => each.kind === kind);
  const { rows: files } = await db.pool.query<{ file_name: string; content_type: string; bytes: Buffer }>(
    'select file_name, content_type, bytes from message_attachments where message_id = $1',
    [mail?.id],
  );
  return { mail, files };
}
const textOf = async (bytes: Buffer): Promise<string> => {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true });
  return text.replaceAll(/\s+/g, ' ');
};

test('with what was signed comes a copy to keep: when it is asked for, and when it starts', async () => {
  const house = await planHouse([40_000n]);
  const planId = await ask(house);
  const { mail, files } = await told(house, planId, 'payment_plan.requested');
  assert.match(mail?.text ?? '', /You signed this:/);
  const [file, ...more] = files;
  assert.deepEqual([file?.content_type, more], ['application/pdf', []]);
  assert.match(file?.file_name ?? '', /^Payment-plan .*\.pdf$/);
  assert.match(
    await textOf(file?.bytes ?? Buffer.alloc(0)),
    /\$100\.00 once this plan is approved.*Ana Ruiz/,
  );
  const other = await planHouse([40_000n]);
  const started = await running(other);
  assert.equal((await told(other, started, 'payment_plan.activated')).files.length, 1);
});
