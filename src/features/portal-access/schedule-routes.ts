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
import { readScheduleRows, type ShownSchedule } from '#features/schedules/queries.ts';
import { frequencyWords } from '#features/schedules/rules.ts';
import { stopByPayer } from '#features/schedules/stop-by-payer.ts';
import type { App } from '#http/app.ts';
import { formatDate } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';
import { formatMoney } from '#lib/money.ts';
import { type ListedSchedule, schedulesPage, stopSchedulePage } from '#web/portal/views/schedules-page.ts';

const home = '/portal/schedules';

/** What is charged by itself: see it, and stop it. Stopping is the payer's right, whatever staff has set. */
export function scheduleRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: home }, list);
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

async function ask(asked: Ask): Promise<FastifyReply> {
  const payer = await payerOf(asked);
  const id = paramOf(asked.request, 'id');
  const row = (await readPayerSchedules(asked, payer)).find((each) => each.id === id);
  if (!row) throw notFound('schedule', 'in this address');
  const shell = payerShell(payer);
  const page = stopSchedulePage(shell, {
    schedule: listed(row, payer),
    action: `${home}/${id}/stop`,
    backUrl: home,
  });
  return sendPage(asked.reply, page, { nonce: shell.nonce });
}

async function stop(asked: Ask): Promise<FastifyReply> {
  const payer = await payerOf(asked);
  checkMember(asked, payer);
  const id = paramOf(asked.request, 'id');
  if (!(await readPayerSchedules(asked, payer)).some((each) => each.id === id))
    throw notFound('schedule', 'in this address');
  const { actor, seller, customer, now } = payer;
  const input = { organizationId: seller.id, customerIds: [customer.id], scheduleId: id };
  await asked.app.db.transaction(onBehalfOf(actor), (tx) => stopByPayer(tx, actor, input, now));
  return goTo(asked.reply, `${home}?note=schedule_stopped`);
}
