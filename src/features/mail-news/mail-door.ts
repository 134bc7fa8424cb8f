import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { type Database, systemActor } from '#db/db.ts';
import { readAddress } from '#features/correspondence/mail-addresses.ts';
import { keepArrival } from '#features/mail-news/keep-arrival.ts';
import { largestMail_bytes } from '#features/mail-news/read-mime.ts';
import { systemNow } from '#lib/dates.ts';
import type { Secrets } from '#lib/secrets.ts';

export type MailDoor = { port: number; close(): Promise<void> };

const coded = (responseCode: number, words: string): Error =>
  Object.assign(new Error(words), { responseCode });

/**
 * A mail server for nothing but the addresses that we gave out: whoever writes to another is told so before
 * the mail itself. What comes in is stored before it is answered for.
 */
export async function startMailDoor(options: {
  db: Database;
  secrets: Pick<Secrets, 'sign'>;
  port: number;
  host: string;
}): Promise<MailDoor> {
  const { db, secrets } = options;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH'],
    disableReverseLookup: true,
    size: largestMail_bytes,
    maxClients: 50,
    socketTimeout: 60_000,
    closeTimeout: 5_000,
    onRcptTo: (address, session, done) => {
      if (session.envelope.rcptTo.length >= 50) return done(coded(452, 'Too many recipients'));
      return done(readAddress(secrets, address.address) ? null : coded(550, '5.1.1 No such address here'));
    },
    onData: (stream, session, done) => {
      const readers = session.envelope.rcptTo.map((each) => each.address);
      take(stream)
        .then((raw) =>
          db.transaction(systemActor('mail-door'), async (tx) => {
            // Each reader's own: two customers may be answered by one mail.
            for (const reader of readers)
              await keepArrival(tx, { door: 'mime', readers: [reader], raw }, systemNow());
          }),
        )
        .then(
          () => done(null, 'Taken'),
          (error: Error) => done('responseCode' in error ? error : coded(451, '4.3.0 Try again later')),
        );
    },
  });
  // A socket that breaks off is the other side's business.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** The whole mail, or a refusal; what is too large is read to its end without being kept. */
async function take(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= largestMail_bytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes > largestMail_bytes) throw coded(552, '5.3.4 The mail is larger than 25 MB');
  return Buffer.concat(chunks);
}
