import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import { listPaymentTerms, withdrawPaymentTerms, type zPaymentTerms } from '#features/payment-terms/api.ts';
import { NewTermsDialog } from '#features/payment-terms/ui/staff/new-terms-dialog.tsx';
import { ReadTermsDialog } from '#features/payment-terms/ui/staff/read-terms-dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

export type PaymentTerms = z.output<typeof zPaymentTerms>;

const states = {
  in_force: { tone: 'good', words: 'In force' },
  planned: { tone: 'accent', words: 'Planned' },
  replaced: { tone: 'faint', words: 'Replaced' },
} as const;

/** What payers agree to, version by version: none is edited, so each acceptance says what was accepted. */
export function PaymentTermsSettings() {
  const { can } = useFrame();
  const [writing, setWriting] = useState(false);
  const [reading, setReading] = useState<PaymentTerms>();
  const terms = useAsk(listPaymentTerms, { query: { limit: 100 } });
  const rows = terms.data?.data ?? [];
  const newest = rows[0];
  return (
    <Sheet
      title="Terms and conditions"
      aside={
        can('settings:write') && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setWriting(true)}
          >
            {newest ? 'New version' : 'Write them'}
          </Button>
        )
      }
    >
      <Problem error={terms.error} onRetry={() => void terms.refetch()} />
      {terms.data && rows.length === 0 && (
        <Empty title="No terms yet">
          Payers are asked to agree to nothing but the payment itself. Once there are terms, each payment and
          each portal user’s acceptance names the version.
        </Empty>
      )}
      <ul className="plain-rows">
        {rows.map((row) => (
          <Version key={row.version} row={row} isNewest={row === newest} onRead={() => setReading(row)} />
        ))}
      </ul>
      {rows.length > 0 && (
        <p className="fine">
          Payers read the version in force beside the Pay button and agree to it by paying. Older versions
          stay readable in the portal.
        </p>
      )}
      {writing && <NewTermsDialog before={newest} onClose={() => setWriting(false)} />}
      {reading && <ReadTermsDialog terms={reading} onClose={() => setReading(undefined)} />}
    </Sheet>
  );
}

type RowProps = { row: PaymentTerms; isNewest: boolean; onRead: () => void };

function Version({ row, isNewest, onRead }: RowProps) {
  const { can, date } = useFrame();
  const withdraw = useAct(withdrawPaymentTerms);
  const { tone, words } = states[row.state];
  const takeBack = async (): Promise<void> => {
    try {
      await withdraw.run({ params: { version: row.version } });
      tell(`Version ${row.version} taken back`);
    } catch (error) {
      tellProblem(error);
    }
  };
  return (
    <li>
      <span>
        <span className="strong">
          Version {row.version}
          {row.text === '' ? ', which ends the terms' : ''}
        </span>
        <span className="cell-under">
          From {date(row.effective_on)}
          {row.published_by ? `, published by ${row.published_by}` : ''}
          {row.ask_again ? ', portal users are asked again' : ''}
        </span>
      </span>
      <State tone={tone}>{words}</State>
      <span className="row">
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={onRead}
          aria-label={`Read version ${row.version}`}
        >
          Read
        </Button>
        {row.state === 'planned' && isNewest && can('settings:write') && (
          <Button
            size="compact-sm"
            variant="subtle"
            loading={withdraw.busy}
            onClick={() => void takeBack()}
            aria-label={`Take back version ${row.version}`}
          >
            Take back
          </Button>
        )}
      </span>
    </li>
  );
}
