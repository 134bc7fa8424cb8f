import { Skeleton } from '@mantine/core';
import { getInvoice } from '#features/invoices/api.ts';
import { getLayout } from '#features/invoices/drafts/api.ts';
import { type FormRooms, InvoiceForm } from '#features/invoices/ui/staff/invoice-form.tsx';
import { blankValues, valuesOf } from '#features/invoices/ui/staff/invoice-form-values.ts';
import { listTaxRates } from '#features/taxes/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { PageHead } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Props = {
  customerId?: string | undefined;
  /** The draft that is written on. */
  draftId?: string | undefined;
  /** The invoice that is copied. */
  copyId?: string | undefined;
  rooms: FormRooms;
};

/** An invoice being written: new, a draft again, or as a copy of another. */
export function NewInvoicePage({ customerId, draftId, copyId, rooms }: Props) {
  const { currency, locale, today } = useFrame();
  const sourceId = draftId ?? copyId;
  const source = useAsk(getInvoice, { params: { id: sourceId ?? '' } }, { enabled: Boolean(sourceId) });
  const rates = useAsk(listTaxRates, { query: { limit: 100 } });
  const layout = useAsk(getLayout);
  const problem = source.error ?? rates.error ?? layout.error;
  const isReady = rates.data && layout.data && (!sourceId || source.data);
  const habit = { currency: source.data?.currency ?? currency, locale, rates: rates.data?.data };
  const draft = draftId ? source.data : undefined;
  const back = draft
    ? { to: `/invoices/${draft.id}`, label: draft.number }
    : { to: '/invoices', label: 'Invoices' };
  return (
    <>
      <PageHead back={back} title={draft ? `Edit ${draft.number}` : 'New invoice'} />
      <Problem error={problem} onRetry={() => void Promise.all([source.refetch(), rates.refetch()])} />
      {!isReady && !problem && <Skeleton height={520} radius="lg" />}
      {isReady && draft && draft.state !== 'draft' && (
        <p>Invoice {draft.number} is issued and keeps what it says.</p>
      )}
      {isReady && (!draft || draft.state === 'draft') && (
        <InvoiceForm
          key={sourceId ?? 'new'}
          initial={
            source.data
              ? valuesOf(source.data, habit, draftId ? undefined : today)
              : blankValues(today, customerId)
          }
          draft={draft}
          habit={habit}
          layout={layout.data}
          rooms={rooms}
        />
      )}
    </>
  );
}
