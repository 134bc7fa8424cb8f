import type { z } from 'zod';
import type { zImport } from '#features/imports/api.ts';
import type { Tone } from '#ui/state.tsx';
import { State } from '#ui/state.tsx';

export type ImportBatch = z.output<typeof zImport>;

const states: Record<ImportBatch['state'], { label: string; tone: Tone; ring?: boolean }> = {
  reading: { label: 'Reading', tone: 'neutral', ring: true },
  mapping: { label: 'Waits for you', tone: 'warn', ring: true },
  checking: { label: 'Checking', tone: 'neutral', ring: true },
  checked: { label: 'Checked, not imported', tone: 'warn', ring: true },
  importing: { label: 'Importing', tone: 'neutral', ring: true },
  imported: { label: 'Imported', tone: 'good' },
  undoing: { label: 'Undoing', tone: 'neutral', ring: true },
  undone: { label: 'Undone', tone: 'faint' },
  failed: { label: 'Failed', tone: 'bad' },
};

export const isBusy = (state: ImportBatch['state']): boolean =>
  state === 'reading' || state === 'checking' || state === 'importing' || state === 'undoing';

export function ImportState({ state }: { state: ImportBatch['state'] }) {
  const { label, tone, ring } = states[state];
  return (
    <State tone={tone} {...(ring ? { ring } : {})}>
      {label}
    </State>
  );
}

export const kindWords = { customers: 'Customers', items: 'Items', invoices: 'Invoices' } as const;
/** Where what came in is looked at. */
export const kindPages: Record<ImportBatch['kind'], { to: string; search?: { section: string } }> = {
  customers: { to: '/customers' },
  items: { to: '/settings', search: { section: 'items' } },
  invoices: { to: '/invoices' },
};
