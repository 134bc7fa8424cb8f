import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import {
  checkChannel,
  disconnectChannel,
  listChannelAccounts,
  type zChannelAccount,
} from '#features/channel-accounts/api.ts';
import { ConnectCarrier } from '#features/channel-accounts/ui/staff/connect-carrier.tsx';
import { CopyButton } from '#ui/copy.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Facts, Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Channel = 'sms' | 'paper';
type Account = z.output<typeof zChannelAccount>;

export type CarrierWords = {
  channel: Channel;
  /** What the carrier is asked to do: text messages, letters. */
  what: string;
  none: { title: string; text: ReactNode; icon: ReactNode };
  practice: string;
  shownAs: string;
};

/** Who carries texts or letters, whether it works, and where it tells what became of them. */
export function CarrierSettings({ words }: { words: CarrierWords }) {
  const { can, mode } = useFrame();
  const accounts = useAsk(listChannelAccounts);
  const [connecting, connect] = useDisclosure();
  const account = accounts.data?.data.find((each) => each.channel === words.channel);
  if (mode === 'sandbox')
    return (
      <Sheet>
        <Empty title="Practice messages stay in the mailbox" icon={words.none.icon}>
          {words.practice}
        </Empty>
      </Sheet>
    );
  return (
    <>
      <Problem error={accounts.error} onRetry={() => void accounts.refetch()} />
      {accounts.data && !account && (
        <Sheet>
          <Empty
            title={words.none.title}
            icon={words.none.icon}
            action={
              can('settings:write') && (
                <Button size="xs" onClick={connect.open}>
                  Connect a carrier
                </Button>
              )
            }
          >
            {words.none.text}
          </Empty>
        </Sheet>
      )}
      {account && <AccountSheet account={account} words={words} onChange={connect.open} />}
      {connecting && <ConnectCarrier channel={words.channel} what={words.what} onClose={connect.close} />}
    </>
  );
}

type SheetProps = { account: Account; words: CarrierWords; onChange: () => void };

function AccountSheet({ account, words, onChange }: SheetProps) {
  const { can, instant } = useFrame();
  const check = useAct(checkChannel);
  const [leaving, leave] = useDisclosure();
  const test = async (): Promise<void> => {
    const answer = await check.run({ params: { id: account.id } }).catch(() => undefined);
    if (answer?.ok) tell(answer.message, answer.notes.join(' '));
  };
  const actions = can('settings:write') && (
    <>
      <Button size="xs" variant="default" loading={check.busy} onClick={() => void test()}>
        Test
      </Button>
      <Button size="xs" variant="default" onClick={onChange}>
        Change
      </Button>
      <Button size="xs" variant="subtle" color="brick" onClick={leave.open}>
        Disconnect
      </Button>
    </>
  );
  return (
    <Sheet title={account.vendor_name} aside={actions}>
      <Problem error={check.error} />
      {account.problem && (
        <p className="note" data-tone="bad" role="status">
          {account.problem}
        </p>
      )}
      <Facts
        facts={[
          {
            label: 'State',
            value: account.problem ? (
              <State tone="bad">Needs attention</State>
            ) : (
              <State tone="good">Connected</State>
            ),
          },
          { label: words.shownAs, value: account.shown },
          { label: 'Account', value: account.vendor_account },
          { label: 'Tested', value: account.checked_at ? instant(account.checked_at) : 'Not yet' },
          { label: 'Webhook address', wide: true, value: <Copyable text={account.webhook_url} /> },
        ]}
      />
      {leaving && <Disconnect account={account} what={words.what} onClose={leave.close} />}
    </Sheet>
  );
}

const Copyable = ({ text }: { text: string }) => (
  <span className="row">
    <code className="break">{text}</code>
    <CopyButton size="compact-xs" text={text}>
      Copy
    </CopyButton>
  </span>
);

function Disconnect({ account, what, onClose }: { account: Account; what: string; onClose: () => void }) {
  const disconnect = useAct(disconnectChannel);
  const run = async (): Promise<void> => {
    const done = await disconnect.run({ params: { id: account.id } }).catch(() => undefined);
    if (!done) return;
    onClose();
    tell(`${account.vendor_name} is disconnected`);
  };
  return (
    <FormDialog
      title={`Disconnect ${account.vendor_name}`}
      opened
      onClose={onClose}
      onSubmit={run}
      submit="Disconnect"
      danger
      busy={disconnect.busy}
      error={disconnect.error}
    >
      <p>
        It is handed no more {what}. What it tells of earlier ones is still read.{' '}
        {account.channel === 'sms'
          ? 'Texts that wait are held back.'
          : 'Letters that wait are yours to print and mail.'}
      </p>
    </FormDialog>
  );
}
