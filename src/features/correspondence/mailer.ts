/**
 * The port behind which outgoing mail leaves. A connector turns these values into the wire's bytes and the
 * answer into our words; it has no database, clock or memory of its own (docs/architecture.md, "Walls").
 */
export type OutgoingMail = {
  /**
   * `<msg_…@host>`: the same on every try, so that a copy sent after a lost answer is seen as the copy it is.
   */
  messageId: string;
  from: { name: string; email: string };
  to: readonly string[];
  cc: readonly string[];
  replyTo: string | null;
  subject: string;
  html: string;
  text: string;
  attachments: readonly Attachment[];
  /** Whom to hand it to now: the readers in to and cc who do not have it yet. */
  recipients: readonly string[];
  at: Date;
  /** The envelope's sender, where reports of servers come to; the sender itself unless given. */
  returnPath?: string | undefined;
  /** Headers by which a mail provider names this mail in its reports. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Signed as mail of the sender's own domain. */
  dkim?: { domainName: string; keySelector: string; privateKey: string } | undefined;
};

export type Attachment = { fileName: string; contentType: string; bytes: Buffer };

export type RecipientTrouble = { email: string; reason: string };

/**
 * What became of one try. `accepted`: the server took it for at least one recipient; `deferred` ones may be
 * tried again, `refused` ones not. `refused`: permanently, for every recipient. `unknown`: nobody answered,
 * or not now; it may or may not have left.
 */
export type MailOutcome =
  | { outcome: 'accepted'; accepted: string[]; refused: RecipientTrouble[]; deferred: RecipientTrouble[] }
  | { outcome: 'refused'; reason: string }
  | { outcome: 'unknown'; reason: string };

export type Mailer = {
  send(mail: OutgoingMail): Promise<MailOutcome>;
  /** Lets go of open connections. */
  close(): void;
};
