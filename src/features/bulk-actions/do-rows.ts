import type { Actor, Tx } from '#db/db.ts';
import type { BulkActionRow } from '#features/bulk-actions/queries.ts';
import type { ChosenRow } from '#features/bulk-actions/read-chosen.ts';
import { type Rule, reminderType, ruleWords } from '#features/bulk-actions/rules.ts';
import {
  deactivateCustomers,
  reactivateCustomers,
} from '#features/customer-deactivations/deactivate-customers.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { exemptInvoice } from '#features/invoices/exempt-invoice.ts';
import { issueInvoice } from '#features/invoices/issue-invoice.ts';
import { deleteDraft } from '#features/invoices/rewrite-draft.ts';
import { type MailMakings, sendInvoices } from '#features/invoices/send-invoices.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { tellCustomers } from '#features/messenger/tell-customers.ts';
import { inviteCustomers } from '#features/portal-access/invite-customers.ts';
import { makeStatementLink } from '#features/statements/make-statement-link.ts';

/** Of rows that the command itself left out: by its rule, or in its own words. */
export type LeftOut = Map<string, { rule: Rule; reason: string }>;
type Doing = {
  organizationId: string;
  work: BulkActionRow;
  rows: readonly ChosenRow[];
  makings: MailMakings;
};

const refusedFor = (reason: string) => ({ rule: 'refused' as const, reason });
const nobody: LeftOut = new Map();

/** Do it to some rows that the rules let pass: by the commands that do it to one. */
export async function doRows(tx: Tx, actor: Actor, doing: Doing, now: Date): Promise<LeftOut> {
  const { organizationId, work, rows } = doing;
  const { settings } = work;
  const each = async (one: (row: ChosenRow) => Promise<unknown>): Promise<LeftOut> => {
    for (const row of rows) await one(row);
    return nobody;
  };
  const exempt = (remindersOff: boolean) =>
    each(({ id }) => exemptInvoice(tx, actor, { organizationId, invoiceId: id, remindersOff }, now));
  const update = async (patch: object): Promise<LeftOut> => {
    const patches = rows.map(({ id }) => ({ ...patch, id }));
    await updateCustomers(tx, actor, { organizationId, patches }, now);
    return nobody;
  };
  switch (work.action) {
    case 'send':
      return send(tx, actor, doing, now);
    case 'remind':
      return remind(tx, actor, doing, now);
    case 'void':
      return each(({ id }) =>
        voidInvoice(tx, actor, { organizationId, invoiceId: id, reason: settings.reason ?? '' }, now),
      );
    case 'issue':
      return each(({ id }) => issueInvoice(tx, actor, { organizationId, invoiceId: id }, now));
    case 'delete_drafts':
      return each(({ id }) => deleteDraft(tx, actor, { organizationId, invoiceId: id }, now));
    case 'reminders_off':
      return exempt(true);
    case 'reminders_on':
      return exempt(false);
    case 'send_statement':
      return each(({ id }) => {
        const about = { organizationId, customerId: id, channels: ['email' as const], replace: false };
        return makeStatementLink(tx, actor, { ...doing.makings, ...about }, now);
      });
    case 'invite':
      return invite(tx, actor, doing, now);
    case 'set_type':
      return update({ customerType: settings.customerType ?? null });
    case 'set_policy':
      return update({ dunningPolicyId: settings.dunningPolicyId ?? null });
    case 'deactivate':
    case 'reactivate': {
      const change = work.action === 'deactivate' ? deactivateCustomers : reactivateCustomers;
      await change(tx, actor, { organizationId, customerIds: rows.map(({ id }) => id) }, now);
      return nobody;
    }
    default:
      throw new Error(`${work.action} makes a file`);
  }
}

async function send(tx: Tx, actor: Actor, doing: Doing, now: Date): Promise<LeftOut> {
  const { organizationId, work, rows, makings } = doing;
  const report = await sendInvoices(
    tx,
    actor,
    {
      ...makings,
      organizationId,
      invoiceIds: rows.map(({ id }) => id),
      skipSentToday: true,
      dedupeKey: work.id,
    },
    now,
  );
  return new Map(report.skipped.map(({ invoiceId, reason }) => [invoiceId, refusedFor(reason)]));
}

/** The reminder that is right today, in the organization's own words, by mail. */
async function remind(tx: Tx, actor: Actor, doing: Doing, now: Date): Promise<LeftOut> {
  const { organizationId, work, rows, makings } = doing;
  const tells = rows.map(({ id, customerId, dueDate }) => ({
    type: reminderType(dueDate ?? '', work.askedOn),
    customerId,
    invoiceIds: [id],
    key: `${work.id}:${id}`,
    channels: ['email' as const],
  }));
  const told = await tellCustomers(tx, actor, { ...makings, organizationId, tells }, now);
  const left: LeftOut = new Map();
  told.forEach(({ messages, none }, at) => {
    const id = rows[at]?.id ?? '';
    const held = messages.find(({ state }) => state === 'suppressed');
    if (none) left.set(id, { rule: 'no_email', reason: ruleWords.no_email });
    else if (held)
      left.set(id, refusedFor(`Mail to ${held.to.join(', ')} does not arrive. Repair the address first.`));
  });
  return left;
}

async function invite(tx: Tx, actor: Actor, doing: Doing, now: Date): Promise<LeftOut> {
  const customerIds = doing.rows.map(({ id }) => id);
  const { organizationId } = doing;
  const { skipped } = await inviteCustomers(tx, actor, { organizationId, customerIds }, now);
  return new Map(skipped.map(({ customerId, reason }) => [customerId, refusedFor(reason)]));
}
