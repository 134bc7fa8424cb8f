import { setTimeout as sleep } from 'node:timers/promises';
import type { Parts } from '#compose.ts';
import { systemActor } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { makeDemo } from '#demo/make-demo.ts';
import { dayJob } from '#features/days/sweep-days.ts';
import { claimInstallation, keepSample, type Sample, takeSampleTurn } from '#features/users/installation.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

/**
 * The first door: a sample company, with the newcomer as its superuser. The link opens the same one again,
 * and so does a second click while the first is still making it.
 */
export async function exploreSample(parts: Parts, token: string): Promise<Sample> {
  const actor = systemActor('installation');
  const claim = () => parts.db.transaction(actor, (tx) => claimInstallation(tx, token, systemNow()));
  // Whoever has the turn holds one connection; the others wait without any, for making takes all it can get.
  for (let tries = 0; tries < 600; tries += 1) {
    const { sample } = await claim();
    if (sample) return sample;
    const made = await parts.db.transaction(actor, async (tx) => {
      if (!(await takeSampleTurn(tx))) return undefined;
      const { tokenId, sample: known } = await claim();
      if (known) return known;
      const { userId, organizationId } = await makeDemo(parts, { customers: 40, invoices: 900, seed: 1 });
      await parts.db.transaction(actor, async (inner) => {
        await keepSample(inner, tokenId, { userId, organizationId });
        // Its desk and its report of tomorrow are full when the newcomer comes there.
        await enqueue(inner, [dayJob(organizationId, 'first')]);
      });
      return { userId, organizationId };
    });
    if (made) return made;
    await sleep(200);
  }
  throw new Refusal('unavailable', 'The sample company is still being made. Wait a minute and click again.');
}
