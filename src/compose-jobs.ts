import type { Parts } from '#compose.ts';
import { systemActor } from '#db/db.ts';
import { autopayJobs } from '#features/autopay/jobs.ts';
import { bulkActionJobs } from '#features/bulk-actions/jobs.ts';
import type { NewsWork } from '#features/channel-accounts/carrier-news.ts';
import { channelAccountJobs } from '#features/channel-accounts/jobs.ts';
import { chargebackJobs } from '#features/chargebacks/jobs.ts';
import { pullChargebacks } from '#features/chargebacks/pull-chargebacks.ts';
import { collectionJobs, lateOnArrival } from '#features/collections/jobs.ts';
import { correspondenceJobs } from '#features/correspondence/jobs.ts';
import { customerDefaultJobs } from '#features/customer-defaults/jobs.ts';
import { dashboardJobs } from '#features/dashboard/jobs.ts';
import { dataExportJobs } from '#features/data-exports/jobs.ts';
import { dayJobs } from '#features/days/jobs.ts';
import { depositJobs } from '#features/deposits/jobs.ts';
import { pullPayouts } from '#features/deposits/pull-payouts.ts';
import { sweepDownloads } from '#features/downloads/read-download.ts';
import { sweepListFiles, writeListFile } from '#features/downloads/write-list-file.ts';
import { estimateJobs } from '#features/estimates/jobs.ts';
import { gatewayAccountJobs } from '#features/gateway-accounts/jobs.ts';
import type { WebhookWork } from '#features/gateway-accounts/work-webhook.ts';
import { importJobs } from '#features/imports/jobs.ts';
import { sendInvoiceJobs } from '#features/invoices/send-invoice-jobs.ts';
import { lateFeeJobs } from '#features/late-fees/jobs.ts';
import { doubtAddress } from '#features/letters/confirm-address.ts';
import { letterJobs } from '#features/letters/jobs.ts';
import { mailNewsJobs } from '#features/mail-news/jobs.ts';
import { messengerJobs } from '#features/messenger/jobs.ts';
import { notificationJobs } from '#features/notifications/jobs.ts';
import { paymentMethodJobs } from '#features/payment-methods/jobs.ts';
import { ofPlans, paymentPlanJobs } from '#features/payment-plans/jobs.ts';
import { paymentJobs } from '#features/payments/jobs.ts';
import { receiptJobs } from '#features/payments/receipt-jobs.ts';
import { portalAccessJobs } from '#features/portal-access/jobs.ts';
import { lookUpRefundsOf, refundJobs } from '#features/refunds/jobs.ts';
import { refundMailJobs } from '#features/refunds/mail-jobs.ts';
import { scheduleJobs } from '#features/schedules/jobs.ts';
import { sweepSendingDomains } from '#features/sending-domains/check-sending-domain.ts';
import { supportJobs } from '#features/support/jobs.ts';
import { sweepExpired } from '#features/users/sweep-expired.ts';
import { sweepIdempotencyKeys } from '#http/idempotency.ts';
import { react } from '#jobs/react.ts';
import { type Jobs, releaseJobs } from '#jobs/worker.ts';
import { systemNow } from '#lib/dates.ts';
import { listFiles } from '#list-files.ts';
import { papersOf } from '#papers-of.ts';
import { reactsTo } from '#subscriptions.ts';

/** What a gateway's webhook sets going besides the look at its payments. */
const webhookWork = (parts: Parts): WebhookWork => ({
  payout: async (account) => {
    await pullPayouts(parts, account);
  },
  refund: ({ organizationId }, paymentIds) => lookUpRefundsOf(parts, organizationId, paymentIds),
  chargeback: async (account) => {
    await pullChargebacks(parts, account);
  },
});

/** What a carrier's news set going besides the message they are about. */
const newsWork: NewsWork = {
  returned: async (tx, actor, { organizationId, customerId }, now) => {
    if (customerId)
      await doubtAddress(tx, actor, { organizationId, customerId, reason: 'A letter came back.' }, now);
  },
};

export function makeJobs(parts: Parts): Jobs {
  const { db } = parts;
  return {
    react: (payload: { organizationId: string; eventIds: string[] }) =>
      react(db, reactsTo, payload, { 'follow-plan': ofPlans, 'list-late-invoice': lateOnArrival }),
    ...paymentJobs(parts),
    ...gatewayAccountJobs({ ...parts, work: webhookWork(parts) }),
    ...dashboardJobs(parts),
    ...dayJobs(parts),
    ...depositJobs(parts),
    ...chargebackJobs(parts),
    ...importJobs(parts),
    ...customerDefaultJobs(parts),
    ...bulkActionJobs(parts),
    ...dataExportJobs(parts),
    'write-list-file': (one: { organizationId: string; listFileId: string }) =>
      writeListFile({ db, listFiles }, one),
    ...collectionJobs(parts),
    ...correspondenceJobs(parts),
    ...channelAccountJobs({ db, newsWork }),
    ...lateFeeJobs(parts),
    ...letterJobs(parts),
    ...mailNewsJobs(parts),
    ...notificationJobs(parts),
    'sweep-sending-domains': () => sweepSendingDomains(parts, systemNow()),
    ...sendInvoiceJobs({ ...parts, papersOf: papersOf(parts) }),
    ...estimateJobs(parts),
    ...messengerJobs(parts),
    ...autopayJobs(parts),
    ...scheduleJobs(parts),
    ...receiptJobs(parts),
    ...refundJobs(parts),
    ...refundMailJobs(parts),
    ...paymentMethodJobs(parts),
    ...paymentPlanJobs(parts),
    ...portalAccessJobs({ db, mail: parts.outbox }),
    ...supportJobs(parts),
    'release-dead-jobs': () => releaseJobs(db.pool, 600),
    'sweep-idempotency-keys': async () => {
      await db.transaction(systemActor('sweep'), (tx) => sweepIdempotencyKeys(tx, systemNow()));
    },
    'sweep-downloads': async () => {
      await sweepDownloads(db, systemNow());
      await sweepListFiles(db, systemNow());
    },
    'sweep-expired': async () => {
      await sweepExpired(db, systemNow());
    },
  };
}
