import { Button, Select, Switch } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useState } from 'react';
import { checkImport, setImportMapping } from '#features/imports/api.ts';
import type { ImportBatch } from '#features/imports/ui/staff/import-words.tsx';
import { Questions, unanswered } from '#features/imports/ui/staff/questions.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Mapping = Record<string, string>;

/** Which column is what, then what the file cannot say. A new mapping may raise new questions. */
export function MappingStep({ batch, onWork }: { batch: ImportBatch; onWork: () => void }) {
  const save = useAct(setImportMapping);
  const check = useAct(checkImport);
  const [mapping, setMapping] = useState<Mapping>(batch.mapping);
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const [send, setSend] = useState(batch.send_invoices);
  const params = { id: batch.id };
  const change = async (next: Mapping): Promise<void> => {
    setMapping(next);
    await save.run({ params, body: { mapping: next } }).catch(() => undefined);
  };
  const missing = batch.missing.map(({ what }) => what);
  const open = unanswered(batch, answers);
  const go = async (): Promise<void> => {
    try {
      await save.run({
        params,
        body: { mapping, formats: answers, ...(batch.kind === 'invoices' ? { send_invoices: send } : {}) },
      });
      await check.run({ params });
      onWork();
    } catch {
      // Shown below, where the button is.
    }
  };
  return (
    <div className="stack loose">
      <Sheet
        title="Match the columns"
        aside={`${Object.keys(mapping).length} of ${batch.header.length} matched`}
        flush
      >
        <ColumnList batch={batch} mapping={mapping} onChange={(next) => void change(next)} />
      </Sheet>
      <Questions
        batch={batch}
        answers={answers}
        onAnswer={(field, value) => setAnswers((before) => ({ ...before, [field]: value }))}
      />
      {batch.kind === 'invoices' && (
        <Sheet>
          <Switch
            label="Send each new invoice to its customer after the import"
            checked={send}
            onChange={(event) => setSend(event.currentTarget.checked)}
            description="Off is safe for invoices that customers have already: Invoice Messenger leaves them out too."
          />
        </Sheet>
      )}
      <Problem error={save.error ?? check.error} />
      <CheckBar missing={missing} open={open} busy={save.busy || check.busy} onCheck={() => void go()} />
    </div>
  );
}

type BarProps = { missing: string[]; open: number; busy: boolean; onCheck: () => void };

/** What is still to do before the file can be checked. */
function CheckBar({ missing, open, busy, onCheck }: BarProps) {
  const questions = open === 1 ? 'One question is open above' : `${open} questions are open above`;
  return (
    <div className="finish">
      <p role="status">
        {missing.length > 0 && 'Still missing: '}
        <span className="strong">{missing.join(', ')}</span>
        {missing.length === 0 && (open > 0 ? questions : 'Everything needed is here')}
      </p>
      <div className="row">
        <Button
          disabled={missing.length > 0 || open > 0}
          loading={busy}
          onClick={onCheck}
          rightSection={<IconArrowRight size={16} aria-hidden />}
        >
          Check the file
        </Button>
      </div>
    </div>
  );
}

type ListProps = { batch: ImportBatch; mapping: Mapping; onChange: (mapping: Mapping) => void };

function ColumnList({ batch, mapping, onChange }: ListProps) {
  const taken = new Map(Object.entries(mapping).map(([column, field]) => [field, column]));
  const choose = (column: number, field: string | null): void => {
    const rest = Object.entries(mapping).filter(
      ([each, chosen]) => each !== String(column) && chosen !== field,
    );
    onChange(Object.fromEntries(field ? [...rest, [String(column), field]] : rest));
  };
  return (
    <ul className="mapping">
      {batch.header.map((name, column) => {
        const options = batch.fields.map(({ key, label, required }) => ({
          value: key,
          label: [label, required && '*', taken.has(key) && taken.get(key) !== String(column) && '(taken)']
            .filter(Boolean)
            .join(' '),
        }));
        const samples = batch.samples
          .map((cells) => cells[column])
          .filter(Boolean)
          .slice(0, 3);
        return (
          <li key={column} data-off={!mapping[column]}>
            <div className="mapping-column">
              <p className="strong break">{name || `Column ${column + 1}`}</p>
              <p className="fine break">{samples.join(' · ') || 'No values'}</p>
            </div>
            <IconArrowRight size={16} aria-hidden className="mapping-arrow" />
            <Select
              aria-label={`What is in ${name || `column ${column + 1}`}`}
              data={options}
              value={mapping[column] ?? null}
              placeholder="Leave out"
              searchable
              clearable
              onChange={(field) => choose(column, field)}
            />
          </li>
        );
      })}
    </ul>
  );
}
