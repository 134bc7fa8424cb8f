import { z } from 'zod';
import { zAddress } from '#features/organizations/api.ts';
import { endpoint, listOf, pageQuery, zFile, zId, zInstant, zMinor } from '#lib/endpoint.ts';

/** As many letters as one file holds. */
export const mostPrinted = 100;

export const zLetterToPrint = z.object({
  object: z.literal('letter_to_print'),
  id: zId('message'),
  subject: z.string(),
  name: z.string(),
  address_lines: z.array(z.string()),
  customer_id: zId('customer').nullable(),
  invoice_id: zId('invoice').nullable(),
  created_at: zInstant,
});

export const listLettersToPrint = endpoint({
  method: 'GET',
  path: '/v1/letters-to-print',
  summary: 'Letters that wait to be printed and mailed by the organization itself, oldest first',
  scope: 'messages:read',
  query: z.object(pageQuery),
  reply: listOf(zLetterToPrint),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

const zIds = z.array(zId('message')).min(1).max(mostPrinted);

export const printLetters = endpoint({
  method: 'GET',
  path: '/v1/letters-to-print/file',
  summary: 'The letters named, one after the other in one PDF, without those that are not true any more',
  scope: 'messages:read',
  query: z.object({
    ids: z
      .string()
      .max(30 * mostPrinted)
      .transform((text) => text.split(','))
      .pipe(zIds),
  }),
  reply: zFile,
  fileType: 'application/pdf',
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'],
});

export const markLettersMailed = endpoint({
  method: 'POST',
  path: '/v1/letters-to-print/mailed',
  summary:
    'Say that letters are in the mail; those marked before are passed over, those not true any more held back',
  scope: 'invoices:write',
  body: z.strictObject({ ids: zIds }),
  reply: z.object({
    object: z.literal('letters_mailed'),
    count: z.int(),
    /** Paid, disputed or the like by now: held back, to be taken out of the pile. */
    held: z.array(z.object({ id: zId('message'), name: z.string() })),
  }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

const zFinding = z.object({
  finding: z.enum(['deliverable', 'undeliverable']),
  reason: z.string(),
  suggestion: zAddress.optional(),
});

export const zPaperConflict = z.object({
  object: z.literal('paper_mail_conflict'),
  id: zId('customer'),
  display_name: z.string(),
  billing_address: zAddress,
  address_lines: z.array(z.string()),
  /** What the postal service, or a letter that came back, says of it. */
  finding: zFinding.nullable(),
  open_invoices: z.int(),
  open_balance: zMinor,
  currency: z.string(),
  letters_waiting: z.int(),
});

export const listPaperConflicts = endpoint({
  method: 'GET',
  path: '/v1/paper-mail-conflicts',
  summary: 'Customers who owe, are to get letters, and whose address nobody has confirmed',
  scope: 'customers:read',
  query: z.object(pageQuery),
  reply: listOf(zPaperConflict),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

const one = z.object({ id: zId('customer') });

export const confirmAddress = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/confirm-address',
  summary: 'Say that letters reach a customer at this address; letters that waited for it leave at once',
  scope: 'customers:write',
  params: one,
  body: z.strictObject({ address: zAddress.optional() }),
  reply: z.object({ object: z.literal('address_confirmation'), released: z.int() }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request'],
});

export const verifyAddress = endpoint({
  method: 'POST',
  path: '/v1/customers/{id}/verify-address',
  summary: 'Ask the postal service, through the printer of letters, about a customer’s billing address',
  scope: 'customers:write',
  params: one,
  reply: zFinding.extend({ object: z.literal('address_finding') }),
  errors: ['unauthenticated', 'forbidden', 'not_found', 'state_refused', 'unavailable'],
});
