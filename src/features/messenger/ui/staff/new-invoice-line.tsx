import { Link } from '@tanstack/react-router';
import { explainNewInvoice } from '#features/messenger/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** Whether the invoice itself went out, or when it will, or what keeps it. */
export function NewInvoiceLine({ invoiceId }: { invoiceId: string }) {
  const { data, error } = useAsk(explainNewInvoice, { params: { id: invoiceId } });
  const { date, instant, can } = useFrame();
  if (error) return <Problem error={error} />;
  if (!data) return null;
  if (data.standing === 'sent' && data.first_sent_at)
    return (
      <p className="fine">
        First sent <span className="num">{instant(data.first_sent_at)}</span>.
      </p>
    );
  if (data.held)
    return (
      <div className="note" data-tone="warn" role="status">
        <p className="strong">It does not go out by itself</p>
        <p>
          {data.held.words}{' '}
          {can('settings:read') && (
            <Link to="/settings" search={{ section: 'messenger' }}>
              When invoices go out
            </Link>
          )}
        </p>
      </div>
    );
  return (
    <p>
      Goes out by itself {data.standing === 'goes' ? 'with today’s run' : 'on '}
      {data.standing === 'waits' && data.goes_on && <span className="num">{date(data.goes_on)}</span>}.
    </p>
  );
}
