import { Button, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createCreditMemo } from '#features/credit-memos/api.ts';
import { readTyped, sum } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Draft = { description: string; amount: string; tax: string };
const blank: Draft = { description: '', amount: '', tax: '' };

/** The lines as typed, without empty ones; good once each says what for and how much. */
function linesOf(drafts: readonly Draft[], { currency, locale }: { currency: string; locale: string }) {
  const read = (text: string): bigint | undefined =>
    text.trim() === '' ? 0n : readTyped(text, currency, locale);
  const lines = drafts
    .filter((draft) => draft.description.trim() || draft.amount.trim())
    .map((draft) => ({
      description: draft.description.trim(),
      amount: read(draft.amount) ?? 0n,
      tax: read(draft.tax) ?? -1n,
    }));
  const good =
    lines.length > 0 && lines.every((line) => line.description && line.amount > 0n && line.tax >= 0n);
  return { lines, good, total: good ? sum(lines.map((line) => line.amount + line.tax)) : 0n };
}

/** Writes a credit memo and issues it at once. */
export function NewCreditDialog(props: { customerId: string; name: string; onClose: () => void }) {
  const { customerId, name, onClose } = props;
  const { money, currency, locale } = useFrame();
  const navigate = useNavigate();
  const act = useAct(createCreditMemo);
  const [drafts, setDrafts] = useState([blank]);
  const [reason, setReason] = useState('');
  const { lines, good, total } = linesOf(drafts, { currency, locale });
  const submit = async (): Promise<void> => {
    const memo = await act
      .run({
        body: {
          customer_id: customerId,
          lines: lines.map((line) => ({ ...line, amount: Number(line.amount), tax: Number(line.tax) })),
          ...(reason.trim() ? { reason: reason.trim() } : {}),
        },
      })
      .catch(() => undefined);
    if (!memo) return;
    onClose();
    await navigate({ to: `/credit-memos/${memo.id}` });
  };
  return (
    <FormDialog
      title={`Credit memo for ${name}`}
      size="lg"
      opened
      onClose={onClose}
      onSubmit={submit}
      submit={`Issue ${money(total, currency)}`}
      busy={act.busy}
      disabled={!good}
      error={act.error}
    >
      {drafts.map((draft, at) => (
        <CreditLine
          key={at}
          at={at}
          draft={draft}
          onChange={(next) => setDrafts(drafts.map((each, index) => (index === at ? next : each)))}
        />
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={drafts.length >= 50}
          onClick={() => setDrafts([...drafts, blank])}
        >
          Another line
        </Button>
      </div>
      <Textarea
        label="Reason"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

type LineProps = { at: number; draft: Draft; onChange: (draft: Draft) => void };

function CreditLine({ at, draft, onChange }: LineProps) {
  const { currency } = useFrame();
  return (
    <div className="stack tight">
      <TextInput
        label={at === 0 ? 'What it is for' : `Line ${at + 1}: what it is for`}
        required
        maxLength={1000}
        value={draft.description}
        onChange={(event) => onChange({ ...draft, description: event.currentTarget.value })}
      />
      <div className="fields two">
        <MoneyField
          label="Amount before tax"
          required
          currency={currency}
          value={draft.amount}
          onChange={(amount) => onChange({ ...draft, amount })}
        />
        <MoneyField
          label="Tax"
          currency={currency}
          value={draft.tax}
          onChange={(tax) => onChange({ ...draft, tax })}
        />
      </div>
    </div>
  );
}
