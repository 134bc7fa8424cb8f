import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import type { MailVendor } from '#features/mail-news/mail-news-reader.ts';
import { newId } from '#lib/ids.ts';
import { sha256 } from '#lib/secrets.ts';

export type Arrival = {
  door: MailVendor | 'mime';
  readers: readonly string[];
  raw: Buffer;
  onceKey?: string;
};

export const arrivalJob = (arrivalId: string) => ({
  job: 'work-mail-arrival',
  key: `arrival:${arrivalId}`,
  payload: { arrivalId },
  maxAttempts: 8,
});

/** Keep what came in, as it came, and ask for the work. The same again is nothing. */
export async function keepArrival(tx: Tx, input: Arrival, realNow: Date): Promise<void> {
  const id = newId('mailArrival');
  const isNew = await tx.run(sql`
    insert into mail_arrivals (id, door, hash, readers, raw, state, received_at)
    values (${id}, ${input.door}, ${hashOf(input)},
      ${input.readers}, ${input.raw}, 'received', ${realNow})
    on conflict do nothing`);
  if (isNew > 0) await enqueue(tx, [arrivalJob(id)]);
}

/** The same mail to another reader is another mail. */
const hashOf = ({ readers, raw, onceKey }: Arrival): string =>
  sha256(onceKey ?? Buffer.concat([Buffer.from(`${readers.join(' ')}\n`), raw]));
