import { type ReactNode, useState } from 'react';
import { Chips } from '#ui/filters.tsx';

const sides = [
  { value: 'form', label: 'Form' },
  { value: 'preview', label: 'Preview' },
] as const;

/** A form, and beside it (on a phone behind it) the page as it will be. */
export function FormDesk({ form, preview }: { form: ReactNode; preview: ReactNode }) {
  const [side, setSide] = useState<'form' | 'preview'>('form');
  return (
    <>
      <div className="invoice-side">
        <Chips label="Form or preview" value={side} options={sides} onChange={setSide} />
      </div>
      <div className="invoice-desk" data-side={side}>
        {form}
        <aside className="invoice-preview" aria-label="Preview">
          {preview}
        </aside>
      </div>
    </>
  );
}
