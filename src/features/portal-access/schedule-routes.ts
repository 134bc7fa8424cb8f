import type { FastifyReply } from 'fastify';
import { onBehalfOf } from '#db/db.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  goTo,
  paramOf,
  portalRoute,
  queryOf,
  sendPage,
} from '#features/portal-access/page-routes.ts';
import {
  checkMember,
  type Payer,
  payerOf,
  payerShell,
  readAs,
} from '#features/portal-access/payer-routes.ts';
import { listOccurrences, readScheduleRows, type ShownSchedule } from '#features/schedules/queries.ts';
import { agreedBy, readAgreed } from '#features/schedules/read-agreed.ts';
import { progressOf } from '#features/schedules/read-schedule.ts';
import { frequencyWords, nextDates } from '#features/schedules/rules.ts';
import { stopByPayer } from '#features/schedules/stop-by-payer.ts';
import type { App } from '#http/app.ts';
import { dateIn, formatDate } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';
import { formatMoney } from '#lib/money.ts';
import { schedulePage } from '#web/portal/views/schedule-page.ts';
import { type ListedSchedule, schedulesPage, stopSchedulePage } from '#web/portal/views/schedules-page.ts';

const home = '/portal/schedules';

/** What became of a date, in the payer's words. */
const occurrenceStates = {
  made: 'Being charged',
  failed: 'Did not go through',
  skipped: 'Left out',
  missed: 'Not charged',
};
const paymentWords: Record<string, string> = {
  approved: 'Paid',
  settling: 'Paid',
  settled: 'Paid',
  declined: 'Did not go through',
  returned: 'Came back',
  voided: 'Taken back',
};

/** What is charged by itself: see it, and stop it. Stopping is the payer's right, whatever staff has set. */
export function scheduleRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: home }, list);
  portalRoute(app, { method: 'GET', url: `${home}/:id` }, show);
  portalRoute(app, { method: 'GET', url: `${home}/:id/stop` }, ask);
  portalRoute(app, { method: 'POST', url: `${home}/:id/stop`, perMinute: 20 }, stop);
}

/** The payments that come by themselves; those of a plan stand with the plan. */
export async function readPayerSchedules(ask: Ask, payer: Payer): Promise<ShownSchedule[]> {
  const filter = { customerId: payer.customer.id, status: 'all', sort: 'next_on', limit: 100 } as const;
  const rows = await readAs(ask, payer, (tx) => readScheduleRows(tx, payer.seller.id, filter));
  return rows.filter(
    ({ kind, state, paymentPlanId }) => kind === 'payment' && state !== 'completed' && !paymentPlanId,
  );
}

function listed(row: ShownSchedule, { seller }: Payer): ListedSchedule {
  const state = row.state === 'running' ? 'running' : row.pauseReason === 'agreement' ? 'stopped' : 'paused';
  const next = [row.retryOn, row.nextOn].filter((on) => on !== null).sort()[0];
  return {
    method: {
      kind: row.methodKind === 'bank_account' ? 'bank_account' : 'card',
      brand: row.methodBrand ?? '',
      last4: row.methodLast4 ?? '',
    },
    description: row.description,
    words: `${formatMoney(row.amount, row.currency, seller.locale)} ${frequencyWords(row).toLowerCase()}`,
    next: state === 'running' && next ? `Next on ${formatDate(next, seller.locale)}` : '',
    state,
    url: `${home}/${row.id}`,
    ...(state === 'stopped' ? {} : { stopUrl: `${home}/${row.id}/stop` }),
  };
}

async function list(asked: Ask): Promise<FastifyReply> {
  const payer = await payerOf(asked);
  const rows = await readPayerSchedules(asked, payer);
  const shell = payerShell(payer, noteOf(queryOf(asked.request, 'note')));
  const page = schedulesPage(shell, { schedules: rows.map((row) => listed(row, payer)) });
  return sendPage(asked.reply, page, { nonce: shell.nonce });
}

/** The schedule of this payer that the address names. */
async function ownSchedule(asked: Ask, payer: Payer): Promise<ShownSchedule> {
  const id = paramOf(asked.request, 'id');
  const row = (await readPayerSchedules(asked, payer)).find((each) => each.id === id);
  if (!row) throw notFound('schedule', 'in this address');
  return row;
}

async function show(asked: Ask): Promise<FastifyReply> {
  const payer = await payerOf(asked);
  const { seller } = payer;
  const row = await ownSchedule(asked, payer);
  const { data } = await readAs(asked, payer, (tx) =>
    listOccurrences(tx, seller.id, { id: row.id, limit: 12 }),
  );
  const agreement = await readAs(asked, payer, (tx) => readAgreed(tx, seller.id, row.authorizationId));
  const shell = payerShell(payer);
  const page = schedulePage(shell, {
    schedule: listed(row, payer),
    currency: row.currency,
    dates: row.state === 'running' ? nextDates(row, progressOf(row), 5) : [],
    past: data.map(({ day, state, payment }) => ({
      day,
      words: payment ? (paymentWords[payment.state] ?? 'Being charged') : occurrenceStates[state],
      ...(payment ? { amount: payment.amount } : {}),
    })),
    ...(agreement
      ? {
          agreement: {
            text: agreement.text,
            by: agreedBy(agreement, formatDate(dateIn(seller.timeZone, agreement.acceptedAt), seller.locale)),
          },
        }
      : {}),
    backUrl: home,
  });
  return sendPage(asked.reply, page, { nonce: shell.nonce });
}

async function ask(asked: Ask): Promise<FastifyReply> {
  const payer = await payerOf(asked);
  const row = await ownSchedule(asked, payer);
  const shell = payerShell(payer);
  const page = stopSchedulePage(shell, {
    schedule: listed(row, payer),
    action: `${home}/${row.id}/stop`,
    backUrl: `${home}/${row.id}`,
  });
  return sendPage(asked.reply, page, { nonce: shell.nonce });
}

async function stop(asked: Ask): Promise<FastifyReply> {
  const payer = await payerOf(asked);
  checkMember(asked, payer);
  const { id } = await ownSchedule(asked, payer);
  const { actor, seller, customer, now } = payer;
  const input = { organizationId: seller.id, customerIds: [customer.id], scheduleId: id };
  await asked.app.db.transaction(onBehalfOf(actor), (tx) => stopByPayer(tx, actor, input, now));
  return goTo(asked.reply, `${home}?note=schedule_stopped`);
}
