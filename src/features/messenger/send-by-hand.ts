import type { Actor, Tx } from '#db/db.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { readTemplates } from '#features/correspondence/templates.ts';
import { refuseBadWords, sendInvoice } from '#features/invoices/send-invoice.ts';
import { whyNotSent } from '#features/invoices/send-invoice-rules.ts';
import { lockCandidates, readMessengerSettings } from '#features/messenger/read-candidates.ts';
import { tellCustomers } from '#features/messenger/tell-customers.ts';
import { noPlaceWords } from '#features/messenger/tell-rules.ts';
import { dateIn } from '#lib/dates.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

type SendByHand = Parameters<typeof sendInvoice>[2] & { channels: readonly Channel[] };
type Sent = { channel: Channel; messageId: string; suppressed: boolean };

/** Send one invoice now, in the channels that a person chose. All go, or none and it is said why. */
export async function sendByHand(
  tx: Tx,
  actor: Actor,
  input: SendByHand,
  now: Date,
): Promise<[Sent, ...Sent[]]> {
  const { channels, ...asked } = input;
  const others = [...new Set(channels)].filter((channel) => channel !== 'email');
  refuseBadWords(input);
  const sent: Sent[] = [];
  if (channels.includes('email')) {
    const { messageId } = await sendInvoice(tx, actor, asked, now);
    sent.push({ channel: 'email', messageId, suppressed: false });
  }
  if (others.length > 0) sent.push(...(await sendOtherwise(tx, actor, { ...asked, channels: others }, now)));
  const [first, ...rest] = sent;
  return [must(first, 'a channel'), ...rest];
}

async function sendOtherwise(tx: Tx, actor: Actor, input: SendByHand, now: Date): Promise<Sent[]> {
  const { organizationId, invoiceId, channels, subject, body } = input;
  const today = dateIn((await readMessengerSettings(tx, organizationId)).timeZone, now);
  const [invoice] = await lockCandidates(tx, organizationId, [invoiceId], today);
  if (!invoice) throw notFound('invoice', invoiceId);
  const reason = whyNotSent(invoice);
  if (reason) throw new Refusal('state_refused', reason);
  const usual = (await readTemplates(tx, organizationId))('new_invoice', 'paper');
  const tell = {
    type: 'new_invoice' as const,
    customerId: invoice.customerId,
    invoiceIds: [invoiceId],
    key: `by_hand:${newId('request')}`,
    channels,
    words: { paper: { subject: subject ?? usual.subject, body: body ?? usual.body } },
  };
  const told = await tellCustomers(tx, actor, { ...input, tells: [tell] }, now);
  const messages = must(told[0], 'the sending').messages;
  const lacking = channels.find((channel) => !messages.some((message) => message.channel === channel));
  if (lacking) throw new Refusal('invalid_request', { message: noPlaceWords[lacking], param: 'channels' });
  return messages.map(({ channel, messageId, state }) => ({
    channel,
    messageId,
    suppressed: state === 'suppressed',
  }));
}
