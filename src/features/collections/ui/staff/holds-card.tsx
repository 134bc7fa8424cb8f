import { Button } from '@mantine/core';
import { useState } from 'react';
import { getInvoiceHolds, withdrawPromise } from '#features/collections/api.ts';
import {
  type Dispute,
  type PromiseToPay,
  promiseWords,
} from '#features/collections/ui/staff/collection-words.ts';
import {
  EndDisputeDialog,
  OpenDisputeDialog,
  RestDisputeDialog,
} from '#features/collections/ui/staff/dispute-dialogs.tsx';
import { PromiseDialog } from '#features/collections/ui/staff/promise-dialog.tsx';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Dialog = 'promise' | 'dispute' | { end: Dispute } | { rest: Dispute } | undefined;

/** What was promised and disputed about an invoice; chasing rests meanwhile. */
export function HoldsCard({ invoice }: { invoice: Invoice }) {
  const { can } = useFrame();
  const holds = useAsk(getInvoiceHolds, { params: { id: invoice.id } });
  const [dialog, setDialog] = useState<Dialog>();
  const close = (): void => setDialog(undefined);
  const { promises = [], disputes = [] } = holds.data ?? {};
  const owed = invoice.state === 'open' || invoice.state === 'pending';
  const may = can('invoices:write') && owed;
  if (!owed && promises.length === 0 && disputes.length === 0) return null;
  const inDispute = disputes.some(({ state }) => state === 'open');
  return (
    <Sheet
      title="Promises and disputes"
      className="no-print"
      aside={
        may && (
          <>
            <Button size="xs" variant="default" onClick={() => setDialog('promise')}>
              Promise
            </Button>
            {!inDispute && (
              <Button size="xs" variant="default" onClick={() => setDialog('dispute')}>
                Dispute
              </Button>
            )}
          </>
        )
      }
    >
      <Problem error={holds.error} onRetry={() => void holds.refetch()} />
      {holds.data && promises.length + disputes.length === 0 && (
        <p className="fine">Nothing is promised or disputed: this invoice is chased as its settings say.</p>
      )}
      {disputes.map((dispute) => (
        <DisputeLine key={dispute.id} dispute={dispute} may={may} onDialog={setDialog} />
      ))}
      {promises.map((promise) => (
        <PromiseLine key={promise.id} promise={promise} may={may} />
      ))}
      {dialog === 'promise' && <PromiseDialog name={invoice.number} invoices={[invoice]} onClose={close} />}
      {dialog === 'dispute' && <OpenDisputeDialog invoice={invoice} onClose={close} />}
      {typeof dialog === 'object' && 'end' in dialog && (
        <EndDisputeDialog dispute={dialog.end} onClose={close} />
      )}
      {typeof dialog === 'object' && 'rest' in dialog && (
        <RestDisputeDialog dispute={dialog.rest} onClose={close} />
      )}
    </Sheet>
  );
}

function PromiseLine({ promise, may }: { promise: PromiseToPay; may: boolean }) {
  const { money, date } = useFrame();
  const withdraw = useAct(withdrawPromise);
  const { word, tone } = promiseWords[promise.state];
  const run = (): void =>
    void withdraw
      .run({ params: { id: promise.id } })
      .then(() => tell('The promise is withdrawn', 'Chasing goes on.'))
      .catch(tellProblem);
  return (
    <div className="hold">
      <div className="row between">
        <span className="strong num">
          {money(promise.amount, promise.currency)} by {date(promise.promised_on)}
        </span>
        <State tone={tone}>{word}</State>
      </div>
      {promise.note && <p className="fine break">{promise.note}</p>}
      {may && promise.state === 'open' && (
        <div>
          <Button size="xs" variant="default" loading={withdraw.busy} onClick={run}>
            Withdraw the promise
          </Button>
        </div>
      )}
    </div>
  );
}

type DisputeProps = { dispute: Dispute; may: boolean; onDialog: (dialog: Dialog) => void };

function DisputeLine({ dispute, may, onDialog }: DisputeProps) {
  const { date } = useFrame();
  const open = dispute.state === 'open';
  const rest = dispute.rests_until
    ? dispute.resting
      ? `Chasing rests until ${date(dispute.rests_until)}.`
      : `Reminded again since ${date(dispute.rests_until)}; late fees and autopay rest.`
    : 'Chasing rests until you end it.';
  return (
    <div className="hold">
      <div className="row between">
        <span className="strong">{dispute.by_customer ? 'The customer disputes it' : 'Disputed'}</span>
        <State tone={open ? (dispute.resting ? 'warn' : 'bad') : 'faint'}>
          {open ? 'In dispute' : dispute.state === 'resolved' ? 'Settled' : 'Withdrawn'}
        </State>
      </div>
      <p className="break">{dispute.reason}</p>
      {open && <p className="fine">{rest}</p>}
      {dispute.outcome && <p className="fine break">{dispute.outcome}</p>}
      {may && open && (
        <div className="row">
          <Button size="xs" variant="default" onClick={() => onDialog({ end: dispute })}>
            End it
          </Button>
          <Button size="xs" variant="default" onClick={() => onDialog({ rest: dispute })}>
            Change the rest
          </Button>
        </div>
      )}
    </div>
  );
}
