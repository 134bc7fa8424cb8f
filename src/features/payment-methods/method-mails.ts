import {
  type Correspondent,
  footerOf,
  mailOrganization,
} from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import type { Foot } from '#features/notifications/tell-staff.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

type Written = { subject: string; html: string; text: string };
type Letter = { from: Correspondent; outbox: Outbox; subject: string; blocks: MailBlock[] } & (
  | { why: string }
  | { foot: Foot }
);

function written({ from, outbox, subject, blocks, ...end }: Letter): Written {
  const rendered = renderMail({
    organization: mailOrganization(from, outbox),
    preheader: subject,
    heading: subject,
    blocks,
    footer: 'foot' in end ? end.foot : footerOf(from, end.why),
  });
  return { subject, ...rendered };
}

type To = { from: Correspondent; outbox: Outbox };
const paragraph = (words: string): MailBlock => ({ kind: 'paragraph', words });

/** To a customer who is to add a method: nothing of theirs is in it. */
export const inviteMail = ({ from, outbox }: To, url: string): Written =>
  written({
    from,
    outbox,
    subject: `Add a payment method for ${from.name}`,
    blocks: [
      paragraph(
        `${from.name} asks you to save a card or a bank account for your payments to them. ` +
          'The details go to the payment provider; we only see the last four digits. Nothing is charged now.',
      ),
      { kind: 'button', words: 'Add a payment method', url },
      { kind: 'small', words: 'The link works for 14 days, once.' },
    ],
    why: `You receive this mail because ${from.name} asked you for a payment method.`,
  });

/** To the owner of a bank account that staff entered: it cannot be used before this is signed. */
export const signMail = ({ from, outbox }: To, about: { last4: string; url: string }): Written =>
  written({
    from,
    outbox,
    subject: `Please sign: bank account ending in ${about.last4}`,
    blocks: [
      paragraph(
        `${from.name} has put your bank account ending in ${about.last4} on file. ` +
          'Before it may be debited, its owner has to sign for it. That takes a minute, on any device.',
      ),
      { kind: 'button', words: 'Read and sign', url: about.url },
      {
        kind: 'small',
        words: `The link works for 14 days. You do not know of this? Then do not sign, and tell ${from.name}.`,
      },
    ],
    why: `You receive this mail because ${from.name} asked you for an authorization.`,
  });

/** The signer's copy, to keep. */
export const signedCopyMail = ({ from, outbox }: To, about: { last4: string; text: string }): Written =>
  written({
    from,
    outbox,
    subject: `Your signed authorization for ${from.name}`,
    blocks: [
      paragraph(`Thank you. Your bank account ending in ${about.last4} may now be used. You agreed to this:`),
      { kind: 'notice', words: about.text },
      paragraph('The signed copy is attached. Please keep it.'),
    ],
    why: `You receive this mail because a bank account was authorized for payments to ${from.name}.`,
  });

type Ending = { name: string; until: string; standing: 'expiring' | 'expired' };

/** To the customer whose card ends. */
export const expiryMail = ({ from, outbox }: To, card: Ending): Written =>
  written({
    from,
    outbox,
    subject: card.standing === 'expired' ? `${card.name} has expired` : `${card.name} expires soon`,
    blocks: [
      paragraph(
        card.standing === 'expired'
          ? `Your card on file with ${from.name}, ${card.name}, was good until ${card.until}. Please add another one.`
          : `Your card on file with ${from.name}, ${card.name}, is good until ${card.until}. ` +
              'Please add its successor before that.',
      ),
      { kind: 'button', words: 'Open payment methods', url: `${outbox.baseUrl}/portal/methods` },
    ],
    why: `You receive this mail because ${from.name} has a card of yours on file.`,
  });

/** To the organization: a customer's card ends. */
export const expiryNotice = (
  { from, outbox }: To,
  card: Ending & { customer: string; url: string; foot: Foot },
): Written =>
  written({
    from,
    outbox,
    subject: `Card ${card.standing === 'expired' ? 'expired' : 'expires soon'}: ${card.customer}`,
    blocks: [
      paragraph(
        `${card.name} of ${card.customer} ${card.standing === 'expired' ? 'was' : 'is'} good until ${card.until}. ` +
          'The customer has been written to where there is an address and mail is allowed.',
      ),
      { kind: 'button', words: 'Open the customer', url: card.url },
    ],
    foot: card.foot,
  });
