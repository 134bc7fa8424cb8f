import { Radio } from '@mantine/core';
import { IconDeviceMobileMessage } from '@tabler/icons-react';
import { getTextHours, updateTextHours } from '#features/channel-accounts/api.ts';
import { CarrierSettings } from '#features/channel-accounts/ui/staff/carrier-settings.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

const words = {
  channel: 'sms' as const,
  what: 'text messages',
  shownAs: 'Sender',
  practice:
    'Text messages of a practice organization wait for their hours and for consent as real ones do, and then rest in the mailbox.',
  none: {
    title: 'Nobody carries your text messages yet',
    icon: <IconDeviceMobileMessage size={22} stroke={1.5} />,
    text: 'Connect your account with Twilio. Until then text messages are held back, and each says why.',
  },
};

/** Who carries text messages, and at which hours they may arrive. */
export function TextSettings() {
  return (
    <div className="stack loose">
      <CarrierSettings words={words} />
      <Consent />
      <Hours />
    </div>
  );
}

const Consent = () => (
  <Sheet title="Consent">
    <div className="stack">
      <p>
        A text goes only to a customer who agreed to it: on their portal profile, or to you, which you attest
        on the customer’s page under Messages. Every word is kept with its text, its time and its source. A
        phone that texts <strong>STOP</strong> gets nothing more until it texts <strong>START</strong>;{' '}
        <strong>HELP</strong> is answered with how to reach you.
      </p>
      <p className="fine">
        US phone companies block senders that are not registered for A2P 10DLC, and refuse campaigns of
        third-party debt collection. Register your brand and a campaign for account notices with your carrier
        first.
      </p>
    </div>
  </Sheet>
);

type Rule = { jurisdiction: string; weekdays: number[]; opens: string; closes: string; source: string };

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function weekdaysOf({ weekdays }: Rule): string {
  const [first, last] = [weekdays[0] ?? 1, weekdays.at(-1) ?? 7];
  if (weekdays.length === 7) return 'Every day';
  return first === last ? (days[first - 1] ?? '') : `${days[first - 1]} to ${days[last - 1]}`;
}

const placeOf = ({ jurisdiction }: Rule): string =>
  jurisdiction === 'house' ? 'Business hours' : jurisdiction.replace('US-', 'US, ');

const columns: Column<Rule>[] = [
  { key: 'place', title: 'Where', slot: 'title', cell: placeOf },
  { key: 'days', title: 'Days', slot: 'detail', cell: weekdaysOf },
  {
    key: 'hours',
    title: 'Hours there',
    slot: 'amount',
    cell: (rule) => (
      <span className="num whole">
        {rule.opens} to {rule.closes}
      </span>
    ),
  },
  {
    key: 'source',
    title: 'Source',
    slot: 'detail',
    cell: ({ source }) => <span className="fine">{source}</span>,
  },
];

function Hours() {
  const { can } = useFrame();
  const hours = useAsk(getTextHours);
  const update = useAct(updateTextHours);
  const choose = (keeps: string): void => {
    update
      .run({ body: { keeps: keeps === 'law' ? 'law' : 'business' } })
      .then(() => tell('The hours are changed'), tellProblem);
  };
  return (
    <Sheet title="Hours">
      <div className="stack">
        <Problem error={hours.error} onRetry={() => void hours.refetch()} />
        <p>
          What is due outside of these hours waits for the next ones, by the clock where the customer is: the
          state of the billing address, every zone of a state that keeps two, and every zone of the country
          where no address is known.
        </p>
        {hours.data && (
          <>
            <Radio.Group
              label="When text messages may arrive"
              value={hours.data.keeps}
              onChange={choose}
              readOnly={!can('settings:write')}
            >
              <div className="stack tight">
                <Radio
                  value="business"
                  label="Only in business hours"
                  description="09:00 to 18:00, Monday to Friday, and within the law"
                  disabled={update.busy || !can('settings:write')}
                />
                <Radio
                  value="law"
                  label="Whenever the law of the place lets them"
                  description="Where no law is known here, in business hours"
                  disabled={update.busy || !can('settings:write')}
                />
              </div>
            </Radio.Group>
            <DataTable
              label="Hours by place"
              columns={columns}
              rows={hours.data.rules}
              idOf={(rule) => `${rule.jurisdiction} ${rule.opens} ${rule.weekdays.join()}`}
              empty={null}
            />
          </>
        )}
      </div>
    </Sheet>
  );
}
