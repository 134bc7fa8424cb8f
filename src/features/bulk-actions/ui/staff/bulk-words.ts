import type { z } from 'zod';
import type { startBulkAction, zBulkAction } from '#features/bulk-actions/api.ts';
import { type BulkAction, type Subject, subjectOf } from '#features/bulk-actions/rules.ts';

export type BulkWork = z.output<typeof zBulkAction>;
export type BulkAsk = z.input<typeof startBulkAction.body>;

type Words = {
  /** On the button that opens the question. */
  title: string;
  /** What comes of it, in a sentence before it is done. */
  says: string;
  /** On the button that does it, before the number. */
  verb: string;
  /** Behind the number, when it is done. */
  past: string;
  danger?: boolean;
};

export const bulkWords: Record<BulkAction, Words> = {
  send: {
    title: 'Send',
    says: 'Each goes to its customer’s address with a Pay button.',
    verb: 'Send',
    past: 'sent',
  },
  remind: {
    title: 'Send a reminder',
    says: 'Each customer gets the reminder that is right today, in the words of your templates, by e-mail.',
    verb: 'Remind of',
    past: 'reminded of',
  },
  void: {
    title: 'Void…',
    says: 'Each keeps its number and is owed no more. This cannot be taken back.',
    verb: 'Void',
    past: 'voided',
    danger: true,
  },
  reminders_off: {
    title: 'Reminders off',
    says: 'No reminder goes out for them any more.',
    verb: 'Turn reminders off for',
    past: 'without reminders',
  },
  reminders_on: {
    title: 'Reminders on',
    says: 'Reminders go out for them as for any other invoice.',
    verb: 'Turn reminders on for',
    past: 'with reminders again',
  },
  pdf_zip: {
    title: 'Download PDFs',
    says: 'One ZIP archive with a PDF of each, as it stands now.',
    verb: 'Make the PDFs of',
    past: 'in the archive',
  },
  pdf_print: {
    title: 'One PDF to print',
    says: 'One PDF with all of them; each begins on the front of a sheet. At most 500.',
    verb: 'Make one PDF of',
    past: 'in the PDF',
  },
  issue: {
    title: 'Issue drafts',
    says: 'From now on each is owed. Whether it is sent by itself is as your settings say.',
    verb: 'Issue',
    past: 'issued',
  },
  delete_drafts: {
    title: 'Delete drafts…',
    says: 'Drafts are gone for good; nobody owes them. What was issued stays.',
    verb: 'Delete',
    past: 'deleted',
    danger: true,
  },
  send_statement: {
    title: 'Send statement',
    says: 'Each gets one mail with all that is open, and a link that takes one payment for it.',
    verb: 'Send statements to',
    past: 'got their statement',
  },
  invite: {
    title: 'Invite to the portal',
    says: 'Each gets a mail with a link that makes their login.',
    verb: 'Invite',
    past: 'invited',
  },
  set_type: {
    title: 'Set type…',
    says: 'The type decides on their dunning policy where they have none of their own.',
    verb: 'Set the type of',
    past: 'with the new type',
  },
  set_policy: {
    title: 'Set dunning policy…',
    says: 'Their reminders follow this policy from the next day on.',
    verb: 'Set the policy of',
    past: 'with the new policy',
  },
  deactivate: {
    title: 'Deactivate…',
    says: 'No more reminders; autopay and schedules stop. Invoices stay as they are.',
    verb: 'Deactivate',
    past: 'inactive now',
    danger: true,
  },
  reactivate: {
    title: 'Activate again',
    says: 'Reminders go out again. Autopay and schedules stay as they are until you start them.',
    verb: 'Activate',
    past: 'active again',
  },
};

export const nounOf = (subject: Subject): string => subject.slice(0, -1);
export const nounOfAction = (action: BulkAction): string => nounOf(subjectOf(action));
