import { Skeleton } from '@mantine/core';
import { getEstimate } from '#features/estimates/api.ts';
import { EstimateForm } from '#features/estimates/ui/staff/estimate-form.tsx';
import { blankEstimate, valuesOfEstimate } from '#features/estimates/ui/staff/estimate-form-values.ts';
import { getLayout } from '#features/invoices/drafts/api.ts';
import type { FormRooms } from '#features/invoices/ui/staff/invoice-form.tsx';
import { listTaxRates } from '#features/taxes/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { PageHead } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Props = { customerId?: string | undefined; estimateId?: string | undefined; rooms: FormRooms };

/** An estimate being written, or written again before anybody has answered it. */
export function EstimateFormPage({ customerId, estimateId, rooms }: Props) {
  const { currency, locale, today } = useFrame();
  const source = useAsk(getEstimate, { params: { id: estimateId ?? '' } }, { enabled: Boolean(estimateId) });
  const rates = useAsk(listTaxRates, { query: { limit: 100 } });
  const layout = useAsk(getLayout);
  const problem = source.error ?? rates.error ?? layout.error;
  const estimate = source.data;
  const habit = { currency: estimate?.currency ?? currency, locale, rates: rates.data?.data };
  const isReady = rates.data && layout.data && (!estimateId || estimate);
  const back = estimate
    ? { to: `/estimates/${estimate.id}`, label: estimate.number }
    : { to: '/estimates', label: 'Estimates' };
  return (
    <>
      <PageHead back={back} title={estimate ? `Edit ${estimate.number}` : 'New estimate'} />
      <Problem
        error={problem}
        onRetry={() => void Promise.all([source.refetch(), rates.refetch(), layout.refetch()])}
      />
      {!isReady && !problem && <Skeleton height={520} radius="lg" />}
      {isReady && estimate?.answer && <p>{estimate.number} has been answered and keeps what it says.</p>}
      {isReady && !estimate?.answer && (
        <EstimateForm
          key={estimateId ?? 'new'}
          initial={estimate ? valuesOfEstimate(estimate, habit) : blankEstimate(today, customerId)}
          estimate={estimate}
          habit={habit}
          columns={new Set<string>(layout.data.columns)}
          rooms={rooms}
        />
      )}
    </>
  );
}
