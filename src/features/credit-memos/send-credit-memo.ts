import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { footerOf, mailOrganization, readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { documentJob } from '#features/correspondence/sweep-messages.ts';
import { getCreditMemo } from '#features/credit-memos/queries.ts';
import { refuseMissing } from '#features/e-invoices/e-invoice-files.ts';
import { readCreditMemoFacts } from '#features/e-invoices/read-facts.ts';
import { formatDate } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { formatMoney } from '#lib/money.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

type SendCreditMemo = {
  organizationId: string;
  creditMemoId: string;
  to?: readonly string[] | undefined;
  outbox: Outbox;
};
type Reader = { firstName: string | null; email: string | null; ccEmails: string[] };

/** Mail an issued credit memo to its customer, as a PDF. */
export async function sendCreditMemo(
  tx: Tx,
  actor: Actor,
  input: SendCreditMemo,
  now: Date,
): Promise<{ messageId: string }> {
  const { organizationId, creditMemoId, outbox } = input;
  const memo = await getCreditMemo(tx, organizationId, creditMemoId);
  if (memo.state === 'draft' || memo.state === 'void')
    throw new Refusal(
      'state_refused',
      `This credit memo is ${memo.state}. Only one that was issued can be sent.`,
    );
  const from = await readCorrespondent(tx, organizationId);
  const customerId = memo.customer_id;
  const reader = must(
    await tx.row<Reader>(sql`select first_name, email, cc_emails from customers
      where organization_id = ${organizationId} and id = ${customerId}`),
    'the customer',
  );
  const to = input.to ?? (reader.email ? [reader.email] : []);
  if (to.length === 0)
    throw new Refusal('invalid_request', {
      message: 'This customer has no e-mail address. Give one here, or on the customer.',
      param: 'to',
    });
  const read = must(await readCreditMemoFacts(tx, organizationId, creditMemoId), 'the credit memo');
  if (read.wants !== 'none') refuseMissing(read.facts, read.wants);
  const letter = creditMemoMail({ from, outbox, memo, firstName: reader.firstName });
  const about = { customerId, creditMemoId, awaitsDocument: true };
  const message = { kind: 'credit_memo', to, cc: input.to ? [] : reader.ccEmails, ...about, ...letter };
  const [queued] = await queueMessages(tx, actor, { organizationId, outbox, messages: [message] }, now);
  const { messageId, state } = must(queued, 'the message');
  if (state === 'suppressed')
    throw new Refusal('state_refused', {
      message: `Mail to ${to.join(', ')} does not arrive. Give another address.`,
      param: 'to',
    });
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'credit_memo.sent',
      subjectId: creditMemoId,
      customerId,
      data: { number: memo.number, message_id: messageId, to: [...to] },
    },
  ]);
  await enqueue(tx, [documentJob(organizationId, messageId)]);
  return { messageId };
}

type Written = {
  from: Awaited<ReturnType<typeof readCorrespondent>>;
  outbox: Outbox;
  memo: Awaited<ReturnType<typeof getCreditMemo>>;
  firstName: string | null;
};

function creditMemoMail({ from, outbox, memo, firstName }: Written) {
  const money = (amount: bigint): string => formatMoney(amount, memo.currency, from.locale);
  const use = memo.available > 0n ? 'You can use it when you pay an invoice.' : 'All of it has been used.';
  const blocks: MailBlock[] = [
    { kind: 'paragraph', words: firstName ? `Hello ${firstName},` : 'Hello,' },
    { kind: 'paragraph', words: `${from.name} gives you credit of ${money(memo.total)}. ${use}` },
    { kind: 'amount', label: 'Credit available', amount: money(memo.available) },
    {
      kind: 'facts',
      rows: [
        ['Credit memo', memo.number],
        ['Date', formatDate(memo.memo_date, from.locale)],
        ...(memo.reason ? [['For', memo.reason] as [string, string]] : []),
      ],
    },
    { kind: 'small', words: 'The credit memo is attached as a PDF.' },
  ];
  return {
    subject: `Credit memo ${memo.number} from ${from.name}`,
    ...renderMail({
      organization: mailOrganization(from, outbox),
      preheader: `Credit of ${money(memo.total)}.`,
      heading: `Credit memo ${memo.number}`,
      blocks,
      footer: footerOf(from, `You receive this mail because ${from.name} bills ${memo.customer_name}.`),
    }),
  };
}
