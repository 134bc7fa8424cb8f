import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCreditCard } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import type { zGatewayAccount } from '#features/gateway-accounts/api.ts';
import { checkGatewayAccount, listGatewayAccounts } from '#features/gateway-accounts/api.ts';
import { ConnectDialog } from '#features/gateway-accounts/ui/staff/connect-dialog.tsx';
import { DisconnectDialog } from '#features/gateway-accounts/ui/staff/disconnect-dialog.tsx';
import { kindWords } from '#features/gateway-accounts/ui/staff/gateway-words.ts';
import { WebhooksIn } from '#features/gateway-accounts/ui/staff/webhooks-in.tsx';
import { CopyButton } from '#ui/copy.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Facts, Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

export type Account = z.output<typeof zGatewayAccount>;

/** Who processes cards, bank debits and PayPal, whether it works, and what it has told us. */
export function GatewaySettings() {
  const { can } = useFrame();
  const accounts = useAsk(listGatewayAccounts);
  const [connecting, connect] = useDisclosure();
  const [editing, setEditing] = useState<Account>();
  const [leaving, setLeaving] = useState<Account>();
  const rows = accounts.data?.data ?? [];
  const connectButton = can('settings:write') && (
    <Button size="xs" onClick={connect.open}>
      Connect a gateway
    </Button>
  );
  return (
    <div className="stack loose">
      <Problem error={accounts.error} onRetry={() => void accounts.refetch()} />
      {accounts.data && rows.length === 0 && (
        <Sheet>
          <Empty
            title="No payment gateway yet"
            icon={<IconCreditCard size={22} stroke={1.5} />}
            action={connectButton}
          >
            Connect your account with Stripe, Authorize.Net or PayPal, and customers can pay by card, from a
            bank account or by PayPal.
          </Empty>
        </Sheet>
      )}
      {rows.length > 0 && <div className="row between">{connectButton}</div>}
      {rows.map((account) => (
        <AccountSheet
          key={account.id}
          account={account}
          onEdit={() => setEditing(account)}
          onDisconnect={() => setLeaving(account)}
        />
      ))}
      <WebhooksIn />
      {connecting && <ConnectDialog onClose={connect.close} />}
      {editing && <ConnectDialog account={editing} onClose={() => setEditing(undefined)} />}
      {leaving && <DisconnectDialog account={leaving} onClose={() => setLeaving(undefined)} />}
    </div>
  );
}

type SheetProps = { account: Account; onEdit: () => void; onDisconnect: () => void };

function AccountSheet({ account, onEdit, onDisconnect }: SheetProps) {
  const { can, instant } = useFrame();
  const check = useAct(checkGatewayAccount);
  const test = async (): Promise<void> => {
    const answer = await check.run({ params: { id: account.id } }).catch(() => undefined);
    if (answer?.ok) tell(answer.message, answer.notes.join(' '));
  };
  const isOff = account.disconnected_at !== null;
  const actions = can('settings:write') && !isOff && (
    <>
      <Button size="xs" variant="default" loading={check.busy} onClick={() => void test()}>
        Test
      </Button>
      <Button size="xs" variant="default" onClick={onEdit}>
        Change
      </Button>
      {account.vendor !== 'sandbox' && (
        <Button size="xs" variant="subtle" color="brick" onClick={onDisconnect}>
          Disconnect
        </Button>
      )}
    </>
  );
  return (
    <Sheet title={account.name} aside={actions}>
      <Problem error={check.error} />
      {account.problem && !isOff && (
        <p className="note" data-tone="bad" role="status">
          {account.problem}
        </p>
      )}
      <Facts
        facts={[
          { label: 'State', value: <Standing account={account} /> },
          { label: 'Takes', value: account.takes.map((kind) => kindWords[kind]).join(', ') || 'Nothing new' },
          { label: 'Account', value: account.vendor_account ?? account.vendor_name },
          { label: 'Tested', value: account.checked_at ? instant(account.checked_at) : 'Not yet' },
          {
            label: 'Webhook address',
            wide: true,
            value: (
              <span className="row">
                <code className="break">{account.webhook_url}</code>
                <CopyButton size="compact-xs" text={account.webhook_url}>
                  Copy
                </CopyButton>
              </span>
            ),
          },
        ]}
      />
    </Sheet>
  );
}

function Standing({ account }: { account: Account }) {
  if (account.disconnected_at) return <State tone="faint">Disconnected</State>;
  if (account.problem) return <State tone="bad">Needs attention</State>;
  return <State tone="good">Connected</State>;
}
