import { useParams, useSearch } from '@tanstack/react-router';
import type { ImportKind } from '#features/imports/field-rules.ts';
import { ImportPage } from '#features/imports/ui/staff/import-page.tsx';
import { ImportsPage } from '#features/imports/ui/staff/imports-page.tsx';
import { NewImportPage } from '#features/imports/ui/staff/new-import-page.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Imports() {
  return <ImportsPage />;
}

export function NewImport() {
  const { kind = 'customers' } = useSearch({ strict: false }) as { kind?: ImportKind };
  const onSearch = useSearchChange();
  return <NewImportPage kind={kind} onKind={(next) => onSearch({ kind: next }, true)} />;
}

export function Import() {
  const { id = '' } = useParams({ strict: false });
  return <ImportPage id={id} />;
}
