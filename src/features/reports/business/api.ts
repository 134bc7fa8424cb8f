import { z } from 'zod';
import { endpoint, zCurrency, zDate, zEmail, zFile, zId } from '#lib/endpoint.ts';

const common = { name: z.string(), label: z.string() };
export const zReportField = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('date') }),
  z.object({
    ...common,
    kind: z.literal('choice'),
    options: z.array(z.object({ value: z.string(), label: z.string() })),
  }),
  z.object({ ...common, kind: z.literal('number'), least: z.int(), most: z.int(), usual: z.int() }),
  z.object({ ...common, kind: z.literal('customer') }),
]);

export const zReport = z.object({
  object: z.literal('report'),
  key: z.string(),
  title: z.string(),
  /** The question that it answers. */
  answers: z.string(),
  group: z.enum(['owed', 'coming', 'earned', 'customers', 'work']),
  fields: z.array(zReportField),
});

export const listReports = endpoint({
  method: 'GET',
  path: '/v1/reports',
  summary: 'The reports that the caller may read, and the filters of each',
  scope: 'signed_in',
  reply: z.object({ object: z.literal('list'), data: z.array(zReport), has_more: z.literal(false) }),
  errors: ['unauthenticated'],
});

/** Money in minor units of the row's currency; dates as 2026-03-31. */
const zCell = z.union([z.string(), z.number(), z.null()]);

export const zReportPage = zReport.extend({
  object: z.literal('report_page'),
  /** The day that it is as of, unless its filter names another. */
  today: zDate,
  /** The filter in words. */
  asked: z.string(),
  filter: z.record(z.string(), z.string()),
  columns: z.array(
    z.object({
      key: z.string(),
      title: z.string(),
      kind: z.enum(['text', 'money', 'date', 'count', 'days', 'percent']),
      sum: z.boolean(),
    }),
  ),
  rows: z.array(
    z.object({
      cells: z.array(zCell),
      currency: zCurrency.nullable(),
      /** The page of the console that it opens. */
      link: z.string().nullable(),
    }),
  ),
  /** How many rows there are; the page holds the first of them, the files all. */
  count: z.int(),
  /** Of all rows, a line for each currency. */
  totals: z.array(z.object({ currency: zCurrency.nullable(), cells: z.array(zCell) })),
  chart: z
    .object({
      currency: zCurrency.nullable(),
      bars: z.array(z.object({ label: z.string(), value: z.number() })),
    })
    .nullable(),
  notes: z.array(z.string()),
});

/** Each report has filters of its own (GET /v1/reports names them); one that it does not have is refused. */
const asked = {
  params: z.object({ key: z.string().max(60) }),
  query: z.object({}).catchall(z.string().max(200)),
};
const errors = ['unauthenticated', 'forbidden', 'not_found', 'invalid_request', 'rate_limited'] as const;

export const readReportPage = endpoint({
  ...asked,
  method: 'GET',
  path: '/v1/reports/{key}',
  summary: 'A report: its first rows, and the totals of all',
  scope: 'signed_in',
  reply: zReportPage,
  errors,
  atOnce: { all: 4, organization: 2, busy: 'Two reports are being made already. Try again in a moment.' },
});

export const reportCsv = endpoint({
  ...asked,
  method: 'GET',
  path: '/v1/reports/{key}/csv',
  summary: 'A report as CSV, every row',
  scope: 'signed_in',
  reply: zFile,
  fileType: 'text/csv',
  errors,
});

export const reportXlsx = endpoint({
  ...asked,
  method: 'GET',
  path: '/v1/reports/{key}/xlsx',
  summary: 'A report as a spreadsheet, every row, with real numbers and dates',
  scope: 'signed_in',
  reply: zFile,
  fileType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  errors,
});

export const reportOnPaper = endpoint({
  ...asked,
  method: 'GET',
  path: '/v1/reports/{key}/pdf',
  summary: 'A report on paper: its first thousand rows, and the totals of all',
  scope: 'signed_in',
  reply: zFile,
  fileType: 'application/pdf',
  errors,
});

export const zReportMail = z.object({
  object: z.literal('report_mail'),
  id: zId('reportMail'),
  report: z.string(),
  title: z.string(),
  filter: z.record(z.string(), z.string()),
  format: z.enum(['csv', 'xlsx', 'pdf']),
  every: z.enum(['day', 'week', 'month']),
  /** Of a week: Monday is 1. Of a month: its last day where it is shorter. */
  on_day: z.int(),
  recipients: z.array(z.string()),
  last_sent_for: zDate.nullable(),
  next_days: z.array(zDate),
});

export const listReportMails = endpoint({
  method: 'GET',
  path: '/v1/report-mails',
  summary: 'The reports that go out by mail, and the next five days of each',
  scope: 'settings:read',
  reply: z.object({ object: z.literal('list'), data: z.array(zReportMail), has_more: z.literal(false) }),
  errors: ['unauthenticated', 'forbidden'],
});

export const startReportMail = endpoint({
  method: 'POST',
  path: '/v1/report-mails',
  summary: 'Send a report by mail from its next day on, in the zone of the organization',
  scope: 'settings:write',
  body: z.strictObject({
    report: z.string().max(60),
    filter: z.record(z.string().max(60), z.string().max(200)).default({}),
    format: z.enum(['csv', 'xlsx', 'pdf']),
    every: z.enum(['day', 'week', 'month']),
    on_day: z.int().min(1).max(31).default(1),
    recipients: z.array(zEmail).min(1, 'needs at least one address').max(20),
  }),
  reply: z.object({ object: z.literal('report_mail_started'), id: zId('reportMail') }),
  status: 201,
  errors: ['unauthenticated', 'forbidden', 'not_found', 'invalid_request', 'state_refused'],
});

export const stopReportMail = endpoint({
  method: 'DELETE',
  path: '/v1/report-mails/{id}',
  summary: 'Stop a report by mail: nobody gets it any more',
  scope: 'settings:write',
  params: z.object({ id: zId('reportMail') }),
  reply: z.object({ object: z.literal('report_mail_stopped'), id: zId('reportMail') }),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});

const zLeave = z.object({
  object: z.literal('report_mail_leave'),
  organization_name: z.string(),
  email: z.string(),
  title: z.string(),
  left: z.boolean(),
});
const leave = { token: z.string().max(600) };
export const getReportLeave = endpoint({
  method: 'GET',
  path: '/v1/report-mails/leave',
  summary: 'What the link at the foot of a report by mail would stop',
  scope: 'public',
  query: z.object(leave),
  reply: zLeave,
  errors: ['link_expired', 'rate_limited'],
});
export const leaveReport = endpoint({
  method: 'POST',
  path: '/v1/report-mails/leave',
  summary: 'Take one address off a report by mail',
  scope: 'public',
  body: z.strictObject(leave),
  reply: zLeave,
  errors: ['link_expired', 'rate_limited', 'invalid_request'],
});
