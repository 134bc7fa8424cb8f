import { IconMailForward } from '@tabler/icons-react';
import { CarrierSettings } from '#features/channel-accounts/ui/staff/carrier-settings.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { Sheet } from '#ui/page.tsx';

const words = {
  channel: 'paper' as const,
  what: 'letters',
  shownAs: 'Key',
  practice:
    'Letters of a practice organization are set as real ones are, and rest in the mailbox with their pages.',
  none: {
    title: 'You print your letters yourself',
    icon: <IconMailForward size={22} stroke={1.5} />,
    text: 'Connect your account with Lob, and letters are printed and mailed for you, and addresses are checked with the postal service.',
  },
};

/** Who prints and mails letters, and the way to those that are printed here. */
export function LetterSettings() {
  return (
    <div className="stack loose">
      <CarrierSettings words={words} />
      <Sheet
        title="Letters to print"
        aside={
          <ButtonLink to="/letters" size="xs" variant="default">
            Open the list
          </ButtonLink>
        }
      >
        <p>
          Without a carrier, letters wait in a list: print them as one file, put them into window envelopes
          (#10 with two windows, or DL and C5/6 for A4), and mark them as mailed.
        </p>
      </Sheet>
    </div>
  );
}
