import { auditFile } from '#features/audit-log/list-file.ts';
import { autopayDeclinesFile, autopaysFile, comingChargesFile } from '#features/autopay/list-files.ts';
import { chargebacksFile } from '#features/chargebacks/list-file.ts';
import { worklistFile } from '#features/collections/list-file.ts';
import { messagesFile } from '#features/correspondence/list-file.ts';
import { creditMemosFile } from '#features/credit-memos/list-file.ts';
import { customersFile } from '#features/customers/list-file.ts';
import { depositsFile } from '#features/deposits/list-file.ts';
import type { ListFiles } from '#features/downloads/write-list-file.ts';
import { estimatesFile } from '#features/estimates/list-file.ts';
import { importsFile } from '#features/imports/list-file.ts';
import { invoiceLinesFile, invoicesFile } from '#features/invoices/list-file.ts';
import { itemsFile } from '#features/items/list-file.ts';
import { lateFeesFile } from '#features/late-fees/list-file.ts';
import { lettersToPrintFile, paperConflictsFile } from '#features/letters/list-files.ts';
import { paymentLinksFile } from '#features/payment-links/list-file.ts';
import { paymentPlansFile } from '#features/payment-plans/list-file.ts';
import { paymentsFile } from '#features/payments/list-file.ts';
import { refundsFile } from '#features/refunds/list-file.ts';
import { nextReminders } from '#features/reminders/next-steps.ts';
import { bouncedEmailsFile, emailConflictsFile, heldMailFile } from '#features/reports/list-files.ts';
import { schedulesFile } from '#features/schedules/list-file.ts';
import { ticketsFile } from '#features/support/list-file.ts';
import { usersFile } from '#features/users/list-file.ts';

/** Every list of the console as a file, each as its own room says. */
export const listFiles: ListFiles = {
  invoices: invoicesFile,
  invoice_lines: invoiceLinesFile,
  estimates: estimatesFile,
  credit_memos: creditMemosFile,
  customers: customersFile,
  items: itemsFile,
  payments: paymentsFile,
  refunds: refundsFile,
  deposits: depositsFile,
  chargebacks: chargebacksFile,
  schedules: schedulesFile,
  payment_plans: paymentPlansFile,
  payment_links: paymentLinksFile,
  autopays: autopaysFile,
  coming_charges: comingChargesFile,
  autopay_declines: autopayDeclinesFile,
  late_fees: lateFeesFile,
  worklist: worklistFile({ nextSteps: nextReminders }),
  messages: messagesFile,
  letters_to_print: lettersToPrintFile,
  email_conflicts: emailConflictsFile,
  bounced_emails: bouncedEmailsFile,
  held_mail: heldMailFile,
  paper_conflicts: paperConflictsFile,
  tickets: ticketsFile,
  imports: importsFile,
  users: usersFile,
  audit_log: auditFile,
};
