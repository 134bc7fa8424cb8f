import { z } from 'zod';
import { categories, desks, priorities, ticketFileLimits, ticketStates } from '#features/support/rules.ts';
import { endpoint, listOf, pageQuery, zFile, zId, zInstant, zText } from '#lib/endpoint.ts';

const zTicketFile = z.object({
  id: zId('ticketFile'),
  file_name: z.string(),
  content_type: z.string(),
  size_bytes: z.int(),
  url: z.string(),
});

export const zTicketPost = z.object({
  object: z.literal('ticket_post'),
  id: zId('ticketPost'),
  kind: z.enum(['words', 'note', 'change']).meta({ description: 'The asker is shown words alone' }),
  side: z.enum(['asker', 'desk', 'system']),
  way: z.enum(['console', 'portal', 'link', 'mail', 'system']),
  author_name: z.string(),
  author_email: z.string().nullable(),
  words: z.string(),
  quoted: z.string(),
  files: z.array(zTicketFile),
  left_out: z
    .array(z.string())
    .meta({ description: 'Files of a mail that were too large or of no kept kind' }),
  created_at: zInstant,
});

export const zTicket = z.object({
  object: z.literal('ticket'),
  id: zId('ticket'),
  number: z.int(),
  organization_id: zId('organization'),
  organization_name: z.string(),
  desk: z
    .enum(desks)
    .meta({ description: 'Who answers: the organization its customers, the host its staff' }),
  state: z.enum(ticketStates),
  category: z.enum(categories),
  priority: z.enum(priorities),
  subject: z.string(),
  asker: z.object({
    kind: z.enum(['user', 'portal_user', 'visitor']),
    name: z.string(),
    email: z.string(),
  }),
  customer_id: zId('customer').nullable(),
  customer_name: z.string().nullable(),
  invoice_id: zId('invoice').nullable(),
  invoice_number: z.string().nullable(),
  payment_id: zId('payment').nullable(),
  context: z.object({
    page: z.string().optional(),
    browser: z.string().optional(),
    version: z.string().optional(),
    error: z.string().optional(),
    request_id: z.string().optional(),
  }),
  assignee_id: zId('user').nullable(),
  assignee_name: z.string().nullable(),
  created_at: zInstant,
  updated_at: zInstant,
  /** Only of one ticket. */
  posts: z.array(zTicketPost).optional(),
});

const zFiles = z
  .array(z.strictObject({ file_name: zText(200), content: z.base64('must be the file in base64') }))
  .max(ticketFileLimits.files)
  .default([]);
const bodyLimit = Math.ceil((ticketFileLimits.all_bytes * 4) / 3) + 262_144;
const zWords = zText(20_000);

const one = z.object({ id: zId('ticket') });
const oneFile = z.object({ id: zId('ticketFile') });
const seen = ['unauthenticated', 'forbidden', 'not_found'] as const;
const refusals = [...seen, 'invalid_request', 'too_large'] as const;
const filters = {
  ...pageQuery,
  status: z.enum(['all', 'to_do', ...ticketStates]).default('all'),
  category: z.enum(categories).optional(),
  priority: z.enum(priorities).optional(),
  q: z
    .string()
    .max(254)
    .optional()
    .meta({ description: 'A number, the address of who asked, or words of the subject' }),
};
const listErrors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;
const zDeskWords = z.strictObject({
  words: zWords,
  note: z.boolean().default(false).meta({ description: 'For the desk alone' }),
  solve: z.boolean().default(false),
  files: zFiles,
});
const zChange = {
  state: z.enum(['open', 'waiting', 'solved', 'closed']).optional(),
  priority: z.enum(priorities).optional(),
  category: z.enum(categories).optional(),
};

export const listTickets = endpoint({
  method: 'GET',
  path: '/v1/tickets',
  summary: 'What customers asked, newest first',
  scope: 'customers:read',
  query: z.object({
    ...filters,
    assignee_id: zId('user').optional(),
    customer_id: zId('customer').optional(),
  }),
  reply: listOf(zTicket),
  errors: [...listErrors],
});
export const getTicket = endpoint({
  method: 'GET',
  path: '/v1/tickets/{id}',
  summary: 'One ticket with all that was said on it',
  scope: 'customers:read',
  params: one,
  reply: zTicket,
  errors: [...seen],
});
export const answerTicket = endpoint({
  method: 'POST',
  path: '/v1/tickets/{id}/posts',
  status: 201,
  summary: 'Answer a ticket by mail, or keep a note on it',
  scope: 'customers:write',
  params: one,
  body: zDeskWords,
  bodyLimit,
  reply: zTicket,
  errors: [...refusals],
});
export const changeTicket = endpoint({
  method: 'PATCH',
  path: '/v1/tickets/{id}',
  summary: 'Change state, priority, category or who looks after a ticket',
  scope: 'customers:write',
  params: one,
  body: z.strictObject({ ...zChange, assignee_id: zId('user').nullable().optional() }),
  reply: zTicket,
  errors: [...refusals],
});
export const getTicketFile = endpoint({
  method: 'GET',
  path: '/v1/ticket-files/{id}',
  summary: 'A file of a ticket',
  scope: 'customers:read',
  params: oneFile,
  reply: zFile,
  fileType: 'application/octet-stream',
  errors: [...seen],
});

export const createSupportRequest = endpoint({
  method: 'POST',
  path: '/v1/support-requests',
  status: 201,
  summary: 'Ask whoever hosts this Owed; for people who are signed in',
  scope: 'signed_in',
  body: z.strictObject({
    category: z.enum(categories),
    subject: zText(200),
    words: zWords,
    page: z.string().max(500).optional(),
    error: z.string().max(1000).optional(),
    request_id: z.string().max(40).optional(),
    files: zFiles,
  }),
  bodyLimit,
  reply: zTicket,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'too_large'],
});
export const listSupportRequests = endpoint({
  method: 'GET',
  path: '/v1/support-requests',
  summary: 'What you asked the host; who manages users sees those of all',
  scope: 'signed_in',
  query: z.object({ ...pageQuery, status: filters.status }),
  reply: listOf(zTicket),
  errors: [...listErrors],
});
export const getSupportRequest = endpoint({
  method: 'GET',
  path: '/v1/support-requests/{id}',
  summary: 'One request to the host with its answers',
  scope: 'signed_in',
  params: one,
  reply: zTicket,
  errors: [...seen],
});
export const addToSupportRequest = endpoint({
  method: 'POST',
  path: '/v1/support-requests/{id}/posts',
  status: 201,
  summary: 'Say more on a request to the host; what was solved is open again',
  scope: 'signed_in',
  params: one,
  body: z.strictObject({ words: zWords, files: zFiles }),
  bodyLimit,
  reply: zTicket,
  errors: [...refusals],
});
export const changeSupportRequest = endpoint({
  method: 'PATCH',
  path: '/v1/support-requests/{id}',
  summary: 'Say that a request to the host is solved',
  scope: 'signed_in',
  params: one,
  body: z.strictObject({ state: z.literal('solved') }),
  reply: zTicket,
  errors: [...refusals],
});
export const getSupportRequestFile = endpoint({
  method: 'GET',
  path: '/v1/support-request-files/{id}',
  summary: 'A file of a request to the host',
  scope: 'signed_in',
  params: oneFile,
  reply: zFile,
  fileType: 'application/octet-stream',
  errors: [...seen],
});

export const listHostTickets = endpoint({
  method: 'GET',
  path: '/v1/host/tickets',
  summary: 'What the staff of all organizations asked, for whoever hosts this Owed',
  scope: 'signed_in',
  query: z.object(filters),
  reply: listOf(zTicket),
  errors: [...listErrors],
});
export const getHostTicket = endpoint({
  method: 'GET',
  path: '/v1/host/tickets/{id}',
  summary: 'One request of an organization’s staff, for the host',
  scope: 'signed_in',
  params: one,
  reply: zTicket,
  errors: [...seen],
});
export const answerHostTicket = endpoint({
  method: 'POST',
  path: '/v1/host/tickets/{id}/posts',
  status: 201,
  summary: 'Answer a request as the host, or keep a note that its organization never sees',
  scope: 'signed_in',
  params: one,
  body: zDeskWords,
  bodyLimit,
  reply: zTicket,
  errors: [...refusals],
});
export const changeHostTicket = endpoint({
  method: 'PATCH',
  path: '/v1/host/tickets/{id}',
  summary: 'Change a request as the host',
  scope: 'signed_in',
  params: one,
  body: z.strictObject({ ...zChange, assigned_to_me: z.boolean().optional() }),
  reply: zTicket,
  errors: [...refusals],
});
export const getHostTicketFile = endpoint({
  method: 'GET',
  path: '/v1/host/ticket-files/{id}',
  summary: 'A file of a request, for the host',
  scope: 'signed_in',
  params: oneFile,
  reply: zFile,
  fileType: 'application/octet-stream',
  errors: [...seen],
});
