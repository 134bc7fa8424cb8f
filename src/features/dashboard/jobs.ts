import type { Database } from '#db/db.ts';
import { foldDailySums } from '#features/dashboard/fold-daily-sums.ts';

export const dashboardJobs = ({ db }: { db: Database }) => ({
  'fold-daily-sums': async () => {
    await foldDailySums(db);
  },
});
