import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { MailLab, MailTrouble, ReceivedMail } from '../conformance.ts';
import { smtpMailer } from './smtp-mailer.ts';

export type FakeSmtp = {
  url: string;
  received: ReceivedMail[];
  /** What happens to the mails that come next, once each, in this order. */
  troubles: MailTrouble[];
  stop(): Promise<void>;
};

const coded = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode });

/**
 * A mail server that speaks real SMTP on loopback, keeps what it took, and has the accidents it is told to
 * have.
 */
export async function startFakeSmtp(
  options: { user?: string; password?: string; size?: number } = {},
): Promise<FakeSmtp> {
  const received: ReceivedMail[] = [];
  const troubles: MailTrouble[] = [];
  const current = new Map<string, MailTrouble | undefined>();
  const server = new SMTPServer({
    authOptional: options.user === undefined,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onAuth: (auth, _session, done) =>
      auth.username === options.user && auth.password === options.password
        ? done(null, { user: auth.username })
        : done(coded(535, 'Authentication failed')),
    onMailFrom: (_address, session, done) => {
      const trouble = troubles.shift();
      current.set(session.id, trouble);
      if (trouble?.kind === 'dropAtOnce') return drop(session);
      return trouble?.kind === 'refuseSender' ? done(coded(553, 'Sender not allowed')) : done();
    },
    onRcptTo: (address, session, done) => {
      const trouble = current.get(session.id);
      if (trouble?.kind !== 'recipient' || (trouble.email && trouble.email !== address.address))
        return done();
      return done(coded(trouble.code, trouble.code < 500 ? 'Mailbox busy' : 'No such user here'));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const trouble = current.get(session.id);
        if (trouble?.kind === 'data')
          return done(coded(trouble.code, trouble.code < 500 ? 'Try later' : 'Message refused'));
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          raw: Buffer.concat(chunks).toString('utf8'),
          recipients: rcptTo.map((each) => each.address),
          sender: mailFrom ? mailFrom.address : '',
        });
        if (trouble?.kind === 'dropAfterData') return drop(session);
        if (trouble?.kind === 'slow') return setTimeout(done, trouble.wait_ms).unref();
        return done();
      });
    },
  });
  const drop = (session: SMTPServerSession): void => {
    for (const connection of server.connections) {
      if (connection.session === session) connection._socket.destroy();
    }
  };
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const credentials = options.user ? `${options.user}:${encodeURIComponent(options.password ?? '')}@` : '';
  return {
    url: `smtp://${credentials}127.0.0.1:${port}`,
    received,
    troubles,
    stop: () =>
      new Promise((resolve) => {
        for (const connection of server.connections) connection._socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** The bottle for the questions that every mail connector must answer. */
export async function smtpLab(): Promise<MailLab> {
  const password = 'p@ss w0rd/never shown';
  const fake = await startFakeSmtp({ user: 'owed', password });
  const mailer = smtpMailer({ url: fake.url, timeout_ms: 5000 });
  const hasty = smtpMailer({ url: fake.url, timeout_ms: 150 });
  const unreachable = smtpMailer({ url: 'smtp://127.0.0.1:1', timeout_ms: 2000 });
  const wrongPassword = smtpMailer({ url: fake.url.replace('owed:', 'owed:wrong'), timeout_ms: 2000 });
  return {
    mailer,
    hasty,
    unreachable,
    locked: wrongPassword,
    trouble: (trouble) => {
      fake.troubles.push(trouble);
    },
    received: () => fake.received,
    neverShown: [password, encodeURIComponent(password), 'wrong'],
    close: async () => {
      for (const each of [mailer, hasty, unreachable, wrongPassword]) each.close();
      await fake.stop();
    },
  };
}
