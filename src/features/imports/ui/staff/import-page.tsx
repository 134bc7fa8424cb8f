import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { getImport } from '#features/imports/api.ts';
import { CheckedStep } from '#features/imports/ui/staff/checked-step.tsx';
import type { ImportBatch } from '#features/imports/ui/staff/import-words.tsx';
import { ImportState, isBusy, kindWords } from '#features/imports/ui/staff/import-words.tsx';
import { MappingStep } from '#features/imports/ui/staff/mapping-step.tsx';
import { ResultStep } from '#features/imports/ui/staff/result-step.tsx';
import { WorkingStep } from '#features/imports/ui/staff/working-step.tsx';
import { useFrame } from '#ui/frame.tsx';
import { PageHead } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

const back = { to: '/imports', label: 'Imports' };

export function ImportPage({ id }: { id: string }) {
  const { instant } = useFrame();
  const [busy, setBusy] = useState(true);
  const batch = useAsk(getImport, { params: { id } }, { every_ms: busy ? 500 : false });
  const state = batch.data?.state;
  useEffect(() => {
    if (state) setBusy(isBusy(state));
  }, [state]);
  if (batch.error && !batch.data)
    return (
      <>
        <PageHead back={back} title="Import" />
        <Problem error={batch.error} onRetry={() => void batch.refetch()} />
      </>
    );
  if (!batch.data)
    return (
      <>
        <PageHead back={back} title="Import" />
        <Skeleton height={360} radius="lg" />
      </>
    );
  const { data } = batch;
  return (
    <>
      <PageHead
        back={back}
        tab={data.file_name}
        title={<span className="break">{data.file_name}</span>}
        state={<ImportState state={data.state} />}
        detail={`${kindWords[data.kind]}, uploaded ${instant(data.created_at)}`}
      />
      <Steps state={data.state} />
      <Step batch={data} onWork={() => setBusy(true)} />
    </>
  );
}

const steps = ['Match columns', 'Check', 'Import'] as const;
const stepOf: Record<ImportBatch['state'], number> = {
  reading: 0,
  mapping: 0,
  checking: 1,
  checked: 1,
  importing: 2,
  imported: 3,
  undoing: 3,
  undone: 3,
  failed: 0,
};

function Steps({ state }: { state: ImportBatch['state'] }) {
  const at = stepOf[state];
  return (
    <ol className="import-steps" aria-label="Steps">
      {steps.map((label, index) => (
        <li key={label} data-done={index < at} {...(index === at ? { 'aria-current': 'step' as const } : {})}>
          <span className="num">{index + 1}</span>
          {label}
        </li>
      ))}
    </ol>
  );
}

function Step({ batch, onWork }: { batch: ImportBatch; onWork: () => void }) {
  const [editing, setEditing] = useState(false);
  if (isBusy(batch.state)) return <WorkingStep batch={batch} />;
  if (batch.state === 'mapping' || (batch.state === 'checked' && editing)) {
    return (
      <MappingStep
        key={batch.id}
        batch={batch}
        onWork={() => {
          setEditing(false);
          onWork();
        }}
      />
    );
  }
  if (batch.state === 'checked')
    return <CheckedStep batch={batch} onEdit={() => setEditing(true)} onWork={onWork} />;
  return <ResultStep batch={batch} onWork={onWork} />;
}
