import { Skeleton } from '@mantine/core';
import { getCreditMemo } from '#features/credit-memos/api.ts';
import { CreditForm } from '#features/credit-memos/ui/staff/credit-form.tsx';
import {
  blankCredit,
  isTypable,
  valuesOfCredit,
  valuesOfInvoice,
} from '#features/credit-memos/ui/staff/credit-form-values.ts';
import { getInvoice } from '#features/invoices/api.ts';
import { getLayout } from '#features/invoices/drafts/api.ts';
import type { FormRooms } from '#features/invoices/ui/staff/invoice-form.tsx';
import { listTaxRates } from '#features/taxes/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { PageHead } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Props = {
  customerId?: string | undefined;
  /** The draft that is written on. */
  draftId?: string | undefined;
  /** The invoice that is credited. */
  invoiceId?: string | undefined;
  rooms: FormRooms;
};

/** What the form starts from, and what it needs to know. */
function useSources({ draftId, invoiceId }: Props) {
  const draft = useAsk(getCreditMemo, { params: { id: draftId ?? '' } }, { enabled: Boolean(draftId) });
  const invoice = useAsk(getInvoice, { params: { id: invoiceId ?? '' } }, { enabled: Boolean(invoiceId) });
  const rates = useAsk(listTaxRates, { query: { limit: 100 } });
  const layout = useAsk(getLayout);
  const all = [draft, invoice, rates, layout];
  return {
    draft: draft.data,
    invoice: invoice.data,
    rates: rates.data?.data,
    layout: layout.data,
    isReady: rates.data && layout.data && (!draftId || draft.data) && (!invoiceId || invoice.data),
    problem: all.find(({ error }) => error)?.error,
    retry: () => void Promise.all(all.map((each) => each.refetch())),
  };
}

/** A credit memo being written: new, from an invoice, or a draft again. */
export function CreditFormPage(props: Props) {
  const { customerId, draftId, invoiceId, rooms } = props;
  const { currency, locale, today } = useFrame();
  const { draft, invoice, rates, layout, isReady, problem, retry } = useSources(props);
  const habit = { currency: draft?.currency ?? invoice?.currency ?? currency, locale, rates };
  const back = draft
    ? { to: `/credit-memos/${draft.id}`, label: draft.number }
    : invoice
      ? { to: `/invoices/${invoice.id}`, label: invoice.number }
      : { to: '/credit-memos', label: 'Credit memos' };
  const isKept = draft !== undefined && !isTypable(draft);
  return (
    <>
      <PageHead back={back} title={draft ? `Edit ${draft.number}` : 'New credit memo'} />
      <Problem error={problem} onRetry={retry} />
      {!isReady && !problem && <Skeleton height={520} radius="lg" />}
      {isReady && isKept && (
        <p>
          {draft.state === 'draft'
            ? `${draft.number} says its tax as an amount. It is changed where it was written.`
            : `${draft.number} is issued and keeps what it says.`}
        </p>
      )}
      {isReady && !isKept && (
        <CreditForm
          key={draftId ?? invoiceId ?? 'new'}
          initial={
            draft
              ? valuesOfCredit(draft, habit)
              : invoice
                ? valuesOfInvoice(invoice, habit, today)
                : blankCredit(today, customerId)
          }
          draft={draft}
          habit={habit}
          columns={new Set<string>(layout?.columns)}
          rooms={rooms}
        />
      )}
    </>
  );
}
