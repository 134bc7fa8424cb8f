import { schedulePage } from '#web/portal/views/schedule-page.ts';
import { type ListedSchedule, schedulesPage, stopSchedulePage } from '#web/portal/views/schedules-page.ts';
import { bank, payer, type Sample, visa } from './portal-samples.ts';

const running: ListedSchedule = {
  method: visa,
  description: 'Garden care of the courtyard and the two terraces behind the house',
  words: '$1,250.00 every 3 months',
  next: 'Next on Mar 31, 2026',
  state: 'running',
  url: '/portal/schedules/sch_1',
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
        {
          ...{ method: visa, description: 'Membership', words: '$9.90 monthly', next: '' },
          ...{ state: 'stopped', url: '/portal/schedules/sch_3' },
        },
      ],
    }),
  ],
  ['schedules-none', schedulesPage(payer, { schedules: [] })],
  [
    'schedule',
    schedulePage(payer, {
      schedule: running,
      currency: 'USD',
      dates: ['2026-03-31', '2026-06-30', '2026-09-30', '2026-12-31', '2027-03-31'],
      past: [
        { day: '2025-12-31', words: 'Did not go through', amount: 125_000n },
        { day: '2025-09-30', words: 'Left out' },
        { day: '2025-06-30', words: 'Paid', amount: 125_000n },
      ],
      agreement: {
        text:
          'Northwind Supply may charge $1,250.00 to Visa ending in 4242 every 3 months, from Mar 31, 2025, until it is ' +
          'stopped: on each date or up to 5 days after it, and never two dates at once.',
        by: 'Agreed to by Ana Ortiz on Mar 2, 2025.',
      },
      backUrl: '/portal/schedules',
    }),
  ],
  [
    'schedule-stop',
    stopSchedulePage(payer, {
      schedule: running,
      action: '/portal/schedules/sch_1/stop',
      backUrl: '/portal/schedules',
    }),
  ],
];
