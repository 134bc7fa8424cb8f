import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Mailer, OutgoingMail } from '#features/correspondence/mailer.ts';
import { newId } from '#lib/ids.ts';

export type ReceivedMail = { raw: string; sender: string; recipients: string[] };

/** What may happen to the next mail. */
export type MailTrouble =
  | { kind: 'recipient'; email?: string; code: number }
  | { kind: 'data'; code: number }
  | { kind: 'slow'; wait_ms: number }
  | { kind: 'refuseSender' | 'dropAtOnce' | 'dropAfterData' };

/**
 * A mail service in a bottle: what a connector's test builds so that the same questions can be asked of every
 * one.
 */
export type MailLab = {
  mailer: Mailer;
  /** The same service, with a deadline that `slow` outlasts. */
  hasty: Mailer;
  /** An address where nobody listens. */
  unreachable: Mailer;
  /** The same service, with credentials that it does not know. */
  locked: Mailer;
  trouble(trouble: MailTrouble): void;
  /** Everything the service took, whatever it answered. */
  received(): readonly ReceivedMail[];
  neverShown: readonly string[];
  close(): Promise<void>;
};

export const sampleMail = (change: Partial<OutgoingMail> = {}): OutgoingMail => ({
  messageId: `<${newId('message')}@owed.example>`,
  from: { name: 'Smith & Söhne, "GmbH"', email: 'no-reply@owed.example' },
  to: ['ana@example.com'],
  cc: [],
  replyTo: 'billing@smith.example',
  subject: 'Invoice 1001 – 120 €',
  html: '<p>Grüße</p>',
  text: 'Grüße',
  attachments: [],
  recipients: change.recipients ?? [...(change.to ?? ['ana@example.com']), ...(change.cc ?? [])],
  at: new Date('2026-03-02T15:00:00Z'),
  ...change,
});

type Case = (lab: MailLab) => Promise<void>;

const deliveries: Record<string, Case> = {
  'a mail arrives with our Message-ID, both parts, and a person to answer to': async (lab) => {
    const mail = sampleMail({ cc: ['ben@example.com'] });
    const outcome = await lab.mailer.send(mail);
    assert.deepEqual(outcome, {
      outcome: 'accepted',
      accepted: ['ana@example.com', 'ben@example.com'],
      refused: [],
      deferred: [],
    });
    const [received] = lab.received();
    assert.ok(received);
    assert.deepEqual(received.recipients, ['ana@example.com', 'ben@example.com']);
    assert.equal(received.sender, 'no-reply@owed.example');
    assert.ok(received.raw.includes(`Message-ID: ${mail.messageId}`));
    assert.match(received.raw, /^Reply-To: billing@smith\.example\r$/m);
    assert.match(received.raw, /^Cc: ben@example\.com\r$/m);
    assert.match(received.raw, /Content-Type: text\/plain/);
    assert.match(received.raw, /Content-Type: text\/html/);
  },

  'an attachment arrives byte for byte': async (lab) => {
    const bytes = Buffer.from(Array.from({ length: 3000 }, (_, i) => i % 256));
    await lab.mailer.send(
      sampleMail({ attachments: [{ fileName: 'Rechnung 1.pdf', contentType: 'application/pdf', bytes }] }),
    );
    const raw = lab.received()[0]?.raw.replaceAll('\r\n', '') ?? '';
    assert.ok(raw.includes(bytes.toString('base64')));
    assert.match(raw, /Rechnung 1\.pdf/);
  },

  'a line break in a subject or a name begins no new header': async (lab) => {
    await lab.mailer.send(
      sampleMail({
        subject: 'Invoice\r\nBcc: thief@example.com',
        from: { name: 'Smith\r\nBcc: thief@example.com', email: 'no-reply@owed.example' },
      }),
    );
    assert.doesNotMatch(lab.received()[0]?.raw ?? '', /^Bcc:/im);
    assert.deepEqual(lab.received()[0]?.recipients, ['ana@example.com']);
  },

  'reports of servers come to the return path, and a provider’s headers go along': async (lab) => {
    const returnPath = 'bounce+01-ff@bounce.smith.example';
    await lab.mailer.send(sampleMail({ returnPath, headers: { 'X-Named': 'msg_1' } }));
    const [received] = lab.received();
    assert.equal(received?.sender, returnPath);
    assert.match(received?.raw ?? '', /^X-Named: msg_1\r$/m);
    assert.ok(received?.raw.includes('<no-reply@owed.example>'));
  },

  'a second try goes to those who do not have it yet, and names all readers': async (lab) => {
    await lab.mailer.send(
      sampleMail({ to: ['ana@example.com', 'ben@example.com'], recipients: ['ben@example.com'] }),
    );
    assert.deepEqual(lab.received()[0]?.recipients, ['ben@example.com']);
    assert.match(lab.received()[0]?.raw ?? '', /^To: ana@example\.com, ben@example\.com\r$/m);
  },
};

const accidents: Record<string, Case> = {
  'a recipient that does not exist is refused, the others have it': async (lab) => {
    lab.trouble({ kind: 'recipient', email: 'gone@example.com', code: 550 });
    const outcome = await lab.mailer.send(sampleMail({ to: ['ana@example.com', 'gone@example.com'] }));
    assert.ok(outcome.outcome === 'accepted');
    assert.deepEqual(outcome.accepted, ['ana@example.com']);
    assert.equal(outcome.refused[0]?.email, 'gone@example.com');
    assert.match(outcome.refused[0]?.reason ?? '', /No such user/);
    assert.deepEqual(outcome.deferred, []);
  },

  'an address comes back as it was given, whatever it is on the wire': async (lab) => {
    const to = ['Ana@EXAMPLE.com', 'kontakt@münchen.example'];
    const outcome = await lab.mailer.send(sampleMail({ to }));
    assert.ok(outcome.outcome === 'accepted');
    assert.deepEqual(outcome.accepted, to);
  },

  'a recipient that is busy is deferred, the others have it': async (lab) => {
    lab.trouble({ kind: 'recipient', email: 'busy@example.com', code: 450 });
    const outcome = await lab.mailer.send(sampleMail({ to: ['ana@example.com', 'busy@example.com'] }));
    assert.ok(outcome.outcome === 'accepted');
    assert.deepEqual(
      outcome.deferred.map((each) => each.email),
      ['busy@example.com'],
    );
  },

  'a mail that no recipient may have is refused with the reason': async (lab) => {
    lab.trouble({ kind: 'recipient', code: 550 });
    const outcome = await lab.mailer.send(sampleMail());
    assert.ok(outcome.outcome === 'refused' && /No such user/.test(outcome.reason));
  },

  'a refused message is refused; one put off is not': async (lab) => {
    lab.trouble({ kind: 'data', code: 554 });
    assert.equal((await lab.mailer.send(sampleMail())).outcome, 'refused');
    lab.trouble({ kind: 'data', code: 451 });
    assert.equal((await lab.mailer.send(sampleMail())).outcome, 'unknown');
    lab.trouble({ kind: 'recipient', code: 450 });
    assert.equal((await lab.mailer.send(sampleMail())).outcome, 'unknown');
  },

  'what is wrong with this installation refuses no mail: it waits': async (lab) => {
    lab.trouble({ kind: 'refuseSender' });
    assert.equal((await lab.mailer.send(sampleMail())).outcome, 'unknown');
    assert.equal((await lab.locked.send(sampleMail())).outcome, 'unknown');
    assert.equal((await lab.unreachable.send(sampleMail())).outcome, 'unknown');
  },

  'an answer lost after the mail was taken is unknown, and is not tried again by itself': async (lab) => {
    lab.trouble({ kind: 'dropAfterData' });
    assert.equal((await lab.mailer.send(sampleMail())).outcome, 'unknown');
    assert.equal(lab.received().length, 1);
  },

  'a server that is too slow is given up on, and the next mail goes out': async (lab) => {
    lab.trouble({ kind: 'slow', wait_ms: 600 });
    assert.equal((await lab.hasty.send(sampleMail())).outcome, 'unknown');
    assert.equal((await lab.hasty.send(sampleMail())).outcome, 'accepted');
  },

  'after a dropped connection the next mail goes out': async (lab) => {
    lab.trouble({ kind: 'dropAtOnce' });
    assert.equal((await lab.mailer.send(sampleMail())).outcome, 'unknown');
    assert.equal((await lab.mailer.send(sampleMail())).outcome, 'accepted');
  },

  'twenty mails at the same moment all arrive once': async (lab) => {
    const mails = Array.from({ length: 20 }, () => sampleMail());
    await Promise.all(mails.map((mail) => lab.mailer.send(mail)));
    const ids = lab.received().map((each) => /^Message-ID: (\S+)/m.exec(each.raw)?.[1]);
    assert.deepEqual(ids.sort(), mails.map((mail) => mail.messageId).sort());
  },

  'no answer shows the password': async (lab) => {
    const answers = [await lab.locked.send(sampleMail()), await lab.unreachable.send(sampleMail())];
    for (const secret of lab.neverShown) assert.ok(!JSON.stringify(answers).includes(secret));
  },
};

/** The questions every mail connector must answer the same way. */
export function mailConformance(name: string, make: () => Promise<MailLab>): void {
  describe(name, () => {
    for (const [sentence, ask] of Object.entries({ ...deliveries, ...accidents })) {
      test(sentence, async () => {
        const lab = await make();
        try {
          await ask(lab);
        } finally {
          await lab.close();
        }
      });
    }
  });
}
