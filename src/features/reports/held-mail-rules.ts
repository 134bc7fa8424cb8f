import { wayToResend } from '#features/reports/rules.ts';

/** A mail that did not arrive, or was held back because of its address. */
export type HeldMail = {
  id: string;
  kind: string;
  security: boolean;
  awaitsDocument: boolean;
  invoiceId: string | null;
  paymentId: string | null;
  /** Its invoice is paid or void by now: it is not sent any more. */
  isMoot: boolean;
  /** An estimate or a credit memo: its document was never set, so it is sent again from its own page. */
  hasOwnPaper: boolean;
};

export type HeldPlan = {
  /** Each once, as it stands now, whatever number of mails were about it. */
  invoiceIds: string[];
  /** As they were written; who missed three statements reads the newest. */
  copies: string[];
  /** Dealt with once the above has gone. */
  settled: string[];
  /** To be sent from their own page. */
  left: string[];
};

/** Only of statements does a newer one say all that an older one did. */
const subjectOf = ({ kind, id }: HeldMail): string => (kind === 'statement' ? kind : id);

/** What goes out, oldest first, once the address of a customer works again. */
export function planHeldMail(mails: readonly HeldMail[]): HeldPlan {
  const wayOf = (mail: HeldMail) => (mail.hasOwnPaper ? 'refused' : wayToResend(mail));
  const anew = mails.filter((mail) => wayOf(mail) === 'anew');
  const open = anew.filter(({ isMoot }) => !isMoot);
  const copied = mails.filter((mail) => wayOf(mail) === 'copy');
  const newest = new Map(copied.map((mail) => [subjectOf(mail), mail.id]));
  return {
    invoiceIds: [...new Set(open.flatMap(({ invoiceId }) => invoiceId ?? []))],
    copies: [...newest.values()],
    settled: [...anew, ...copied].map(({ id }) => id),
    left: mails.filter((mail) => wayOf(mail) === 'refused').map(({ id }) => id),
  };
}
