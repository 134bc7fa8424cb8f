import { Button, Radio } from '@mantine/core';
import { useState } from 'react';
import { confirmAddress, verifyAddress } from '#features/letters/api.ts';
import type { Conflict } from '#features/letters/ui/staff/paper-conflicts.tsx';
import { addressLines } from '#lib/address-lines.ts';
import { AddressFields, type AddressValue } from '#ui/address-fields.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { fieldsOf, Problem, tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Choice = 'billing' | 'suggestion' | 'other';

/** Which of the addresses is right: as it stands, as the postal service spells it, or another one. */
export function ConfirmAddress({ conflict, onClose }: { conflict: Conflict; onClose: () => void }) {
  const { count } = useFrame();
  const confirm = useAct(confirmAddress);
  const verify = useAct(verifyAddress);
  const [finding, setFinding] = useState(conflict.finding);
  const hasAddress = Boolean(conflict.billing_address.line1);
  const [choice, choose] = useState<Choice>(hasAddress ? 'billing' : 'other');
  const [typed, setTyped] = useState<AddressValue>(conflict.billing_address);
  const suggestion = finding?.suggestion;
  const ask = async (): Promise<void> => {
    const found = await verify.run({ params: { id: conflict.id } }).catch(() => undefined);
    if (!found) return;
    setFinding(found);
    if (found.suggestion) choose('suggestion');
  };
  const send = async (): Promise<void> => {
    const address = choice === 'billing' ? undefined : choice === 'suggestion' ? suggestion : typed;
    const done = await confirm
      .run({ params: { id: conflict.id }, body: address ? { address } : {} })
      .catch(() => undefined);
    if (!done) return;
    onClose();
    const leaving =
      done.released > 0 ? `${count(done.released, 'letter')} that waited for it leave now.` : '';
    tell(`The address of ${conflict.display_name} is confirmed`, leaving);
  };
  const faults = fieldsOf(confirm.error);
  return (
    <FormDialog
      title={`Address of ${conflict.display_name}`}
      opened
      onClose={onClose}
      onSubmit={send}
      submit="Confirm address"
      busy={confirm.busy}
      error={choice === 'other' && Object.keys(faults).length > 0 ? null : confirm.error}
      size="lg"
    >
      {finding && (
        <p className="note" data-tone={finding.finding === 'deliverable' ? 'good' : 'bad'} role="status">
          {finding.reason}
        </p>
      )}
      <Radio.Group label="Letters go to" value={choice} onChange={(value) => choose(value as Choice)}>
        <div className="stack">
          {hasAddress && (
            <Radio value="billing" label="The billing address" description={said(conflict.billing_address)} />
          )}
          {suggestion && (
            <Radio
              value="suggestion"
              label="As the postal service spells it"
              description={said(suggestion)}
            />
          )}
          <Radio value="other" label="Another address" />
        </div>
      </Radio.Group>
      {choice === 'other' && <AddressFields value={typed} onChange={setTyped} errors={faults} />}
      {hasAddress && (
        <div>
          <Button size="xs" variant="default" loading={verify.busy} onClick={() => void ask()}>
            Ask the postal service
          </Button>
        </div>
      )}
      <Problem error={verify.error} />
    </FormDialog>
  );
}

const said = (address: AddressValue): string => addressLines(address).join(', ');
