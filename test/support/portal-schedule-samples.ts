import { type ListedSchedule, schedulesPage, stopSchedulePage } from '#web/portal/views/schedules-page.ts';
import { bank, payer, type Sample, visa } from './portal-samples.ts';

const running: ListedSchedule = {
  method: visa,
  description: 'Garden care of the courtyard and the two terraces behind the house',
  words: '$1,250.00 every 3 months',
  next: 'Next on Mar 31, 2026',
  state: 'running',
  stopUrl: '/portal/schedules/sch_1/stop',
};

export const scheduleSamples: Sample[] = [
  [
    'schedules',
    schedulesPage(payer, {
      schedules: [
        running,
        {
          ...{ ...running, method: bank, description: '', words: '$25.00 weekly', next: '' },
          ...{ state: 'paused', stopUrl: '/portal/schedules/sch_2/stop' },
        },
        { method: visa, description: 'Membership', words: '$9.90 monthly', next: '', state: 'stopped' },
      ],
    }),
  ],
  ['schedules-none', schedulesPage(payer, { schedules: [] })],
  [
    'schedule-stop',
    stopSchedulePage(payer, {
      schedule: running,
      action: '/portal/schedules/sch_1/stop',
      backUrl: '/portal/schedules',
    }),
  ],
];
