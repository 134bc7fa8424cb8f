/**
 * What this installation's outgoing mail needs to know: where links lead, whose address it comes from,
 * whether it leaves.
 */
export type Outbox = {
  baseUrl: string;
  /** Without a mail server, mail stays in the built-in mailbox. */
  hasSmtp: boolean;
  fromEmail: string;
  /** The right side of every Message-ID. */
  host: string;
  /** Where reports of servers and answers of customers come in; without it they go where they always went. */
  mailInHost?: string | undefined;
};

export function outboxOf(config: {
  baseUrl: string;
  smtpUrl: string | undefined;
  mailFrom: string | undefined;
  mailInHost?: string | undefined;
}): Outbox {
  const host = new URL(config.baseUrl).hostname;
  return {
    baseUrl: config.baseUrl,
    host,
    hasSmtp: config.smtpUrl !== undefined,
    fromEmail: config.mailFrom ?? `no-reply@${host}`,
    mailInHost: config.mailInHost,
  };
}
