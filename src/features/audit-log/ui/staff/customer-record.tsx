import { getCustomerRecord } from '#features/audit-log/api.ts';
import { CopyButton } from '#ui/copy.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Facts, Sheet } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Customer = { id: string; external_id: string | null; created_at: Date; updated_at: Date };

/** By which ids it is known, and when it was written and changed, by whom. */
export function CustomerRecord({ customer }: { customer: Customer }) {
  const { instant } = useFrame();
  const { id, external_id: external, updated_at: changed } = customer;
  const record = useAsk(getCustomerRecord, { params: { id } }).data;
  const said = (at: Date, by: string | null | undefined) => (
    <>
      {instant(at)}
      {by && <span className="line">by {by}</span>}
    </>
  );
  return (
    <Sheet title="Record">
      <Facts
        columns={1}
        facts={[
          {
            label: 'Id',
            value: (
              <span className="row">
                <code className="break">{id}</code>
                <CopyButton text={id} size="compact-xs">
                  Copy
                </CopyButton>
              </span>
            ),
          },
          { label: 'Your id', value: external },
          { label: 'Created', value: said(customer.created_at, record?.created_by) },
          { label: 'Last changed', value: said(record?.updated_at ?? changed, record?.updated_by) },
        ]}
      />
    </Sheet>
  );
}
