import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { getEstimate } from '#features/estimates/api.ts';
import { EstimateActions } from '#features/estimates/ui/staff/estimate-actions.tsx';
import { type Estimate, EstimateState, percentOf } from '#features/estimates/ui/staff/estimate-words.tsx';
import { sumsOf } from '#features/invoices/sum-rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { Figures, PageHead, Sheet } from '#ui/page.tsx';
import { PageWait } from '#ui/page-wait.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

const back = { to: '/estimates', label: 'Estimates' };

export function EstimatePage({ id, timeline }: { id: string; timeline: ReactNode }) {
  const { money, date } = useFrame();
  const estimate = useAsk(getEstimate, { params: { id } });
  const { data } = estimate;
  if (!data) return <PageWait back={back} title="Estimate" asked={estimate} />;
  const amount = (value: bigint) => money(value, data.currency);
  return (
    <>
      <PageHead
        back={back}
        title={data.number}
        state={<EstimateState state={data.state} />}
        detail={
          <>
            For <Link to={`/customers/${data.customer_id}`}>{data.customer_name}</Link>
          </>
        }
        actions={<EstimateActions estimate={data} />}
      />
      <Figures
        figures={[
          { label: 'Total', value: amount(data.total) },
          { label: 'Deposit', value: data.deposit > 0n ? amount(data.deposit) : 'None' },
          { label: 'Billed', value: percentOf(data.billed_bps) },
          { label: 'Valid until', value: date(data.expires_on) },
        ]}
      />
      <div className="columns">
        <div className="stack loose">
          {data.answer && (
            <p className="note break">
              {data.answer === 'accepted' ? 'Accepted' : 'Declined'} by {data.answered_by}
              {data.by_staff && ', taken down by staff'}
              {data.reason && `: ${data.reason}`}
            </p>
          )}
          <Lines estimate={data} />
          <Chain estimate={data} />
        </div>
        <Sheet title="Timeline" className="no-print">
          {timeline}
        </Sheet>
      </div>
    </>
  );
}

const linesOf = ({ lines = [] }: Estimate) =>
  lines.map((line) => ({
    ...line,
    itemName: line.item_name,
    unitPrice: line.unit_price,
    taxRate: line.tax_rate,
    serviceDate: line.service_date,
  }));

function Lines({ estimate }: { estimate: Estimate }) {
  const { money } = useFrame();
  const amount = (value: bigint) => money(value, estimate.currency);
  return (
    <Sheet
      title="Lines"
      flush
      aside={
        <Button
          component="a"
          size="xs"
          variant="default"
          href={`/v1/estimates/${estimate.id}/pdf`}
          target="_blank"
        >
          Open the PDF
        </Button>
      }
    >
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">Item</th>
            <th scope="col" data-align="end">
              Quantity
            </th>
            <th scope="col" data-align="end">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {(estimate.lines ?? []).map((line, index) => (
            <tr key={index}>
              <td className="break">{[line.item_name, line.description].filter(Boolean).join(' · ')}</td>
              <td data-align="end">{line.quantity}</td>
              <td data-align="end">{amount(line.amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          {sumsOf({ ...estimate, discountTerms: estimate.discount_terms }, linesOf(estimate)).map(
            ({ label, amount: of }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td />
                <td data-align="end">{amount(of)}</td>
              </tr>
            ),
          )}
          <tr>
            <th scope="row">Total</th>
            <td />
            <td data-align="end">
              <span className="strong">{amount(estimate.total)}</span>
            </td>
          </tr>
        </tfoot>
      </table>
    </Sheet>
  );
}

/** What was billed of it, with what came off for the deposit. */
function Chain({ estimate }: { estimate: Estimate }) {
  const { money } = useFrame();
  const amount = (value: bigint) => money(value, estimate.currency);
  const invoices = estimate.invoices ?? [];
  if (invoices.length === 0) return null;
  return (
    <Sheet title="Billed" flush>
      <table className="lines">
        <tbody>
          {invoices.map((each) => (
            <tr key={each.invoice_id}>
              <td>
                <Link to={`/invoices/${each.invoice_id}`} className="row-link num">
                  {each.number}
                </Link>
              </td>
              <td>
                {each.kind === 'deposit' ? 'Deposit' : percentOf(each.share_bps)}
                {each.state === 'void' && ', void'}
                {each.credit_memo_id && (
                  <>
                    {', '}
                    <Link to={`/credit-memos/${each.credit_memo_id}`}>
                      {amount(each.deducted)} deposit deducted
                    </Link>
                  </>
                )}
              </td>
              <td data-align="end">{amount(each.total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}
