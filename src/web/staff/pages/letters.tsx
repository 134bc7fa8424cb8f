import { LettersPage } from '#features/letters/ui/staff/letters-page.tsx';

export const Letters = () => <LettersPage />;
