import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import {
  getEInvoiceBuyer,
  getEInvoicePolicy,
  setEInvoiceBuyer,
  setEInvoicePolicy,
} from '#features/e-invoices/api.ts';
import type { EInvoiceFormat } from '#features/e-invoices/rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

const formats = [
  { value: 'none', label: 'None' },
  { value: 'ubl', label: 'UBL, beside the PDF (Peppol)' },
  { value: 'factur_x', label: 'Factur-X / ZUGFeRD, inside the PDF' },
];

/** The structured form that goes along with all invoices. */
export function EInvoicePolicy() {
  const { can } = useFrame();
  const { data } = useAsk(getEInvoicePolicy);
  const set = useAct(setEInvoicePolicy);
  if (!data) return null;
  const choose = (format: string | null): void =>
    void set
      .run({ body: { format: (format ?? 'none') as EInvoiceFormat } })
      .then(() => tell('Saved'), tellProblem);
  return (
    <Sheet title="Structured e-invoice">
      <Select
        label="Goes along with invoices and credit memos"
        description="For customers whose books read invoices by machine (EN 16931)"
        data={formats}
        value={data.format}
        allowDeselect={false}
        disabled={!can('settings:write') || set.busy}
        onChange={choose}
      />
    </Sheet>
  );
}

/** What one customer wants instead, and what the standard asks about them. */
export function EInvoiceOfCustomer({ customerId }: { customerId: string }) {
  const { can } = useFrame();
  const { data } = useAsk(getEInvoiceBuyer, { params: { id: customerId } });
  const set = useAct(setEInvoiceBuyer);
  const [typed, setTyped] = useState<{ format?: string; tax?: string; reference?: string }>({});
  if (!data) return null;
  const {
    format = data.format ?? '',
    tax = data.tax_id ?? '',
    reference = data.buyer_reference ?? '',
  } = typed;
  const save = (): void => {
    const body = {
      format: (format || null) as EInvoiceFormat | null,
      tax_id: tax.trim() || null,
      buyer_reference: reference.trim() || null,
    };
    void set.run({ params: { id: customerId }, body }).then(() => tell('Saved'), tellProblem);
  };
  return (
    <Sheet title="Structured e-invoice">
      <div className="stack">
        <Select
          label="Form"
          data={[{ value: '', label: 'As in the settings' }, ...formats]}
          value={format}
          allowDeselect={false}
          onChange={(next) => setTyped({ ...typed, format: next ?? '' })}
        />
        <TextInput
          label="VAT or tax number"
          maxLength={40}
          value={tax}
          onChange={(event) => setTyped({ ...typed, tax: event.currentTarget.value })}
        />
        <TextInput
          label="Buyer reference"
          description="Such as a cost centre or a Leitweg-ID; UBL needs it where there is no PO number"
          maxLength={100}
          value={reference}
          onChange={(event) => setTyped({ ...typed, reference: event.currentTarget.value })}
        />
        {can('customers:write') && (
          <Button variant="default" loading={set.busy} onClick={save}>
            Save
          </Button>
        )}
      </div>
    </Sheet>
  );
}
