import { z } from 'zod';
import { otherNumbers } from '#features/organizations/number-fields.ts';
import { isLocale, isTimeZone } from '#lib/dates.ts';
import {
  endpoint,
  listOf,
  pageQuery,
  scopes,
  zCurrency,
  zDate,
  zEmail,
  zId,
  zInstant,
  zText,
} from '#lib/endpoint.ts';

export const zAddress = z.object({
  line1: z.string().max(200).optional(),
  line2: z.string().max(200).optional(),
  city: z.string().max(100).optional(),
  region: z.string().max(100).optional(),
  postal_code: z.string().max(20).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be a two-letter country code such as US')
    .optional(),
});
export type Address = z.infer<typeof zAddress>;

export const zTimeZone = z.string().refine(isTimeZone, 'must be a time zone such as America/New_York');
export const zColor = z.string().regex(/^#[0-9a-f]{6}$/, 'must be a colour such as #1f4d3f');

const settings = {
  name: zText(200),
  legal_name: z.string().max(200).nullable(),
  currency: zCurrency,
  time_zone: zTimeZone,
  locale: z.string().max(20),
  address: zAddress,
  email: zEmail.nullable(),
  phone: z.string().max(40).nullable(),
  website: z.string().max(200).nullable(),
  tax_id: z.string().max(60).nullable(),
  brand_color: zColor,
  accent_color: zColor.nullable().meta({ description: 'A second colour, for lines at the head of things' }),
  first_weekday: z.int().min(0).max(6).meta({ description: 'Where weeks begin; 0 is Sunday' }),
  fiscal_month: z.int().min(1).max(12).meta({ description: 'The first month of the fiscal year' }),
  sender_name: zText(200).nullable().meta({ description: 'Who mails are from; the name otherwise' }),
  support_email: zEmail.nullable().meta({ description: 'Whom customers ask; else the e-mail above' }),
  support_phone: z.string().max(40).nullable(),
  mail_header: z.string().max(300).nullable().meta({ description: 'A line under the logo of each mail' }),
  mail_footer: z.string().max(1000).nullable().meta({ description: 'At the foot of each mail' }),
  invoice_number_prefix: z.string().max(20),
  ...otherNumbers,
  terms_days: z.int().min(0).max(365),
  invoice_footer: z.string().max(2000).nullable(),
  reply_to: zEmail.nullable(),
  notify_emails: z.array(zEmail).max(20),
  email_organization_receipts: z.boolean(),
  email_failed_charges: z.boolean(),
  failed_charge_retries: z
    .int()
    .min(0)
    .max(4)
    .meta({ description: 'How often a soft decline is tried again; 0: never' }),
  failed_charge_retry_days: z.int().min(1).max(30),
  autopay_when: z.enum(['created', 'invoice_date', 'due_date']).meta({ description: 'Offered to payers' }),
  autopay_notice_days: z.int().min(0).max(30),
  attach_invoice_pdf: z.boolean(),
  track_opens: z.boolean(),
  track_clicks: z.boolean(),
  allow_partial_payments: z.boolean(),
  idle_minutes: z
    .int()
    .min(5, 'must be 5 to 480 minutes')
    .max(480, 'must be 5 to 480 minutes')
    .meta({ description: 'After so many minutes without a click or a key staff is signed out' }),
  default_allow_card: z.boolean(),
  default_allow_bank_account: z.boolean(),
  default_allow_paypal: z.boolean(),
  default_allow_partial_payments: z.boolean(),
  default_allow_payment_plans: z.boolean(),
  default_portal_show_children: z.boolean(),
  default_portal_edit_profile: z.boolean(),
  default_portal_edit_methods: z.boolean(),
  default_portal_edit_autopay: z.boolean(),
  invoice_message_subject: z.string().max(300).nullable(),
  invoice_message_body: z.string().max(10_000).nullable(),
};

export const zOrganization = z.object({
  object: z.literal('organization'),
  id: zId('organization'),
  mode: z.enum(['live', 'sandbox']),
  ...settings,
  logo_url: z.string().nullable(),
  logo_type: z.enum(['image/png', 'image/jpeg', 'image/svg+xml']).nullable(),
  icon_url: z.string().nullable(),
  portal_url: z.string(),
  portal_slug: z.string().nullable(),
  payment_terms_text: z.string().nullable().meta({ description: 'The terms and conditions in force' }),
  payment_terms_version: z.int().nullable(),
  now: zInstant,
  today: zDate,
  created_at: zInstant,
});

export const getOrganization = endpoint({
  method: 'GET',
  path: '/v1/organization',
  summary: 'The organization of the key or session',
  scope: 'signed_in',
  reply: zOrganization,
  errors: ['unauthenticated'],
});

// Every mail and document is written by these two: what cannot be read would stop them all.
const zLocale = z.string().max(20).refine(isLocale, 'must be a locale such as en-US');
const zWebsite = z
  .string()
  .max(200)
  .refine(
    (text) => /^(https?:\/\/\S+)?$/i.test(text) || !/[:\s]/.test(text),
    'must be a web address such as https://example.com',
  );

const { currency: _fixed, ...editable } = { ...settings, locale: zLocale, website: zWebsite.nullable() };
export const updateOrganization = endpoint({
  method: 'PATCH',
  path: '/v1/organization',
  summary: 'Change settings',
  scope: 'settings:write',
  body: z.strictObject(editable).partial(),
  reply: zOrganization,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});

export const putLogo = endpoint({
  method: 'POST',
  path: '/v1/organization/logo',
  summary: 'Set the logo (PNG, JPEG or SVG, at most 2 MiB, base64)',
  scope: 'settings:write',
  bodyLimit: 3_200_000,
  body: z.strictObject({
    content_type: z.enum(['image/png', 'image/jpeg', 'image/svg+xml']),
    base64: z.base64().max(2_900_000),
  }),
  reply: zOrganization,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'too_large'],
});

export const putIcon = endpoint({
  method: 'POST',
  path: '/v1/organization/icon',
  summary: 'Set the icon that browsers show beside the portal’s name (PNG or SVG, at most 128 KiB, base64)',
  scope: 'settings:write',
  body: z.strictObject({
    content_type: z.enum(['image/png', 'image/svg+xml']),
    base64: z.base64().max(180_000),
  }),
  reply: zOrganization,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'too_large'],
});
export const removeIcon = endpoint({
  method: 'DELETE',
  path: '/v1/organization/icon',
  summary: 'Take the icon away; the portal shows Owed’s own',
  scope: 'settings:write',
  reply: zOrganization,
  errors: ['unauthenticated', 'forbidden'],
});

const zSlug = z.string().trim().toLowerCase().min(1, 'must not be empty').max(60);
export const checkPortalAddress = endpoint({
  method: 'GET',
  path: '/v1/portal-address',
  summary: 'Whether the portal could be found under a name, and the link it would have',
  scope: 'settings:read',
  query: z.object({ slug: zSlug }),
  reply: z.object({
    object: z.literal('portal_address'),
    slug: z.string(),
    url: z.string(),
    problem: z.string().nullable(),
  }),
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const setPortalAddress = endpoint({
  method: 'POST',
  path: '/v1/portal-address',
  summary: 'Where customers find the portal; addresses that were left lead there',
  scope: 'settings:write',
  body: z.strictObject({ slug: zSlug }),
  reply: zOrganization,
  errors: ['unauthenticated', 'forbidden', 'invalid_request', 'conflict'],
});

export const zApiKey = z.object({
  object: z.literal('api_key'),
  id: zId('apiKey'),
  name: z.string(),
  last4: z.string(),
  scopes: z.array(z.enum(scopes)),
  created_at: zInstant,
  last_used_at: zInstant.nullable(),
  /** The key itself: only in the reply that makes it. */
  token: z.string().optional(),
});

export const listApiKeys = endpoint({
  method: 'GET',
  path: '/v1/api-keys',
  summary: 'API keys',
  scope: 'settings:read',
  query: z.object(pageQuery),
  reply: listOf(zApiKey),
  errors: ['unauthenticated', 'forbidden'],
});
export const createApiKey = endpoint({
  method: 'POST',
  path: '/v1/api-keys',
  summary: 'Make an API key; its token is shown this once',
  scope: 'settings:write',
  body: z.strictObject({ name: zText(100), scopes: z.array(z.enum(scopes)).min(1) }),
  status: 201,
  reply: zApiKey,
  errors: ['unauthenticated', 'forbidden', 'invalid_request'],
});
export const revokeApiKey = endpoint({
  method: 'DELETE',
  path: '/v1/api-keys/{id}',
  summary: 'Revoke an API key',
  scope: 'settings:write',
  params: z.object({ id: zId('apiKey') }),
  reply: zApiKey,
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

export const advanceClock = endpoint({
  method: 'POST',
  path: '/v1/clock/advance',
  summary: 'Move a sandbox organization’s clock forward, day by day',
  scope: 'clock:write',
  body: z.strictObject({ days: z.int().min(1).max(400) }),
  reply: z.object({
    object: z.literal('clock'),
    now: zInstant,
    today: zDate,
    days: z.int(),
    pending: z.boolean(),
  }),
  status: 202,
  errors: ['unauthenticated', 'forbidden', 'state_refused', 'invalid_request'],
});

/** Timelines and the audit log. */
export const zEvent = z.object({
  object: z.literal('event'),
  id: zId('event'),
  type: z.string(),
  subject_id: z.string(),
  customer_id: z.string().nullable(),
  actor: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string().nullable() }),
  data: z.record(z.string(), z.unknown()),
  occurred_at: zInstant,
});
export const listEvents = endpoint({
  method: 'GET',
  path: '/v1/events',
  summary: 'What happened, newest first: of one document, one customer, or all',
  scope: 'events:read',
  query: z.object({
    ...pageQuery,
    subject_id: z.string().max(60).optional(),
    customer_id: zId('customer').optional(),
  }),
  reply: listOf(zEvent),
  errors: ['unauthenticated', 'forbidden'],
});

/** The command palette's search: the few best of each kind. */
export const search = endpoint({
  method: 'GET',
  path: '/v1/search',
  summary: 'Customers, invoices and payments that match a few letters',
  scope: 'signed_in',
  query: z.object({ q: z.string().trim().min(1).max(100) }),
  reply: z.object({
    object: z.literal('search'),
    data: z.array(
      z.object({
        kind: z.enum(['customer', 'invoice', 'payment']),
        id: z.string(),
        title: z.string(),
        detail: z.string(),
      }),
    ),
  }),
  errors: ['unauthenticated'],
});
