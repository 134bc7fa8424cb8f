import { Link } from '@tanstack/react-router';
import { listAcceptances } from '#features/payment-terms/api.ts';
import type { PaymentTerms } from '#features/payment-terms/ui/staff/payment-terms-settings.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Props = { terms: PaymentTerms; onClose: () => void };

/** A version word for word, and who accepted it of late. */
export function ReadTermsDialog({ terms, onClose }: Props) {
  const { can } = useFrame();
  return (
    <FormDialog title={`Terms and conditions, version ${terms.version}`} opened size="xl" onClose={onClose}>
      <div className="terms-text" tabIndex={0} role="region" aria-label="Text">
        {terms.text || 'From here on there are none.'}
      </div>
      {can('customers:read') && <Acceptances version={terms.version} />}
    </FormDialog>
  );
}

function Acceptances({ version }: { version: number }) {
  const { instant } = useFrame();
  const accepted = useAsk(listAcceptances, { params: { version }, query: { limit: 10 } });
  const rows = accepted.data?.data ?? [];
  return (
    <section>
      <h3>Accepted</h3>
      <Problem error={accepted.error} onRetry={() => void accepted.refetch()} />
      {accepted.data && rows.length === 0 && <p className="fine">Nobody has accepted this version yet.</p>}
      <ul className="plain-rows">
        {rows.map((row) => (
          <li key={row.id}>
            <span>
              <Link to="/customers/$id" params={{ id: row.customer_id }}>
                {row.customer_name}
              </Link>
              <span className="cell-under">
                {row.name ? `${row.name}, ` : ''}
                {row.payment_id ? 'with a payment' : 'in the portal'}, {instant(row.accepted_at)}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {accepted.data?.has_more && <p className="fine">The newest ten. The API lists all.</p>}
    </section>
  );
}
