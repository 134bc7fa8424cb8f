import { Button } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { zWebhookIn } from '#features/gateway-accounts/api.ts';
import { getWebhookIn, listWebhooksIn, replayWebhookIn } from '#features/gateway-accounts/api.ts';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Pager } from '#ui/pager.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { State, type Tone } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

type Webhook = z.output<typeof zWebhookIn>;

const stateWords: Record<Webhook['state'], { word: string; tone: Tone }> = {
  received: { word: 'Waiting', tone: 'accent' },
  worked: { word: 'Worked', tone: 'good' },
  failed: { word: 'Failed', tone: 'bad' },
};
const views = [
  { value: 'all', label: 'All' },
  { value: 'unworked', label: 'Not worked' },
] as const;

function useColumns(onOpen: (webhook: Webhook) => void): Column<Webhook>[] {
  const { instant } = useFrame();
  return [
    {
      key: 'type',
      title: 'Event',
      slot: 'title',
      cell: (webhook) => (
        <>
          <span className="strong">{webhook.type || 'Event'}</span>
          <span className="cell-under">{webhook.gateway_name}</span>
        </>
      ),
    },
    {
      key: 'received',
      title: 'Received',
      slot: 'detail',
      cell: ({ received_at }) => <span className="num">{instant(received_at)}</span>,
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      cell: ({ state }) => <State tone={stateWords[state].tone}>{stateWords[state].word}</State>,
    },
    {
      key: 'act',
      title: 'Actions',
      hideTitle: true,
      slot: 'amount',
      align: 'end',
      cell: (webhook) => (
        <Button size="xs" variant="subtle" onClick={() => onOpen(webhook)}>
          Open
        </Button>
      ),
    },
  ];
}

/** What the gateways told us, as it came; each can be worked again. */
export function WebhooksIn() {
  const trail = useTrail();
  const [state, setState] = useState<'all' | 'unworked'>('all');
  const webhooks = useAsk(
    listWebhooksIn,
    { query: { limit: 10, state, starting_after: trail.after } },
    { keep: true, every_ms: 15_000 },
  );
  const [open, setOpen] = useState<Webhook>();
  const columns = useColumns(setOpen);
  const rows = webhooks.data?.data ?? [];
  return (
    <Sheet
      title="Webhooks received"
      flush
      aside={<Chips label="Which webhooks" value={state} options={views} onChange={setState} />}
    >
      <Problem error={webhooks.error} onRetry={() => void webhooks.refetch()} />
      <DataTable
        label="Webhooks received"
        columns={columns}
        rows={webhooks.data?.data}
        idOf={({ id }) => id}
        keys={false}
        empty={
          <Empty title={state === 'all' ? 'No webhooks yet' : 'All webhooks are worked'}>
            Enter the webhook address above at your gateway. Without webhooks Owed asks by itself, only later.
          </Empty>
        }
      />
      {rows.length > 0 && (
        <Pager
          trail={trail}
          lastId={rows.at(-1)?.id}
          hasMore={webhooks.data?.has_more ?? false}
          count={rows.length}
          noun="webhook"
        />
      )}
      {open && <WebhookDialog webhook={open} onClose={() => setOpen(undefined)} />}
    </Sheet>
  );
}

function WebhookDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { can } = useFrame();
  const whole = useAsk(getWebhookIn, { params: { id: webhook.id } });
  const replay = useAct(replayWebhookIn);
  const run = async (): Promise<void> => {
    if (!(await replay.run({ params: { id: webhook.id } }).catch(() => undefined))) return;
    onClose();
    tell('The gateway is asked again what is true');
  };
  return (
    <FormDialog
      title={webhook.type || 'Webhook'}
      opened
      onClose={onClose}
      {...(can('settings:write') ? { onSubmit: run, submit: 'Work it again' } : {})}
      busy={replay.busy}
      error={replay.error ?? whole.error}
      size="xl"
    >
      {webhook.error && (
        <p className="note" data-tone="bad">
          {webhook.error}
        </p>
      )}
      <pre className="break code-block">{whole.data ? pretty(whole.data.raw) : '…'}</pre>
    </FormDialog>
  );
}

function pretty(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    // Kept as it came.
    return raw;
  }
}
