import { PaperConflicts } from '#features/letters/ui/staff/paper-conflicts.tsx';
import { PageHead } from '#ui/page.tsx';

export function Reports() {
  return (
    <>
      <PageHead title="Reports" tab="Paper mail conflicts · Reports" />
      <h2 className="section-title">Paper mail conflicts</h2>
      <PaperConflicts />
    </>
  );
}
