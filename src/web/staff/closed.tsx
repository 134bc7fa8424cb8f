import { scopeWords } from '#features/users/role-rules.ts';
import type { Scope } from '#lib/endpoint.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { Empty, PageHead, Sheet } from '#ui/page.tsx';

/** In the place of a page, for whom it would answer nothing: what is missing, and who can give it. */
export function Closed({ scope }: { scope: Scope }) {
  return (
    <>
      <PageHead title="Not for your role" />
      <Sheet>
        <Empty
          title="Your role does not include this page"
          action={
            <ButtonLink to="/" variant="default">
              Open the overview
            </ButtonLink>
          }
        >
          It needs the permission “{scopeWords[scope]}” ({scope}). An owner of your organization can give it
          to you.
        </Empty>
      </Sheet>
    </>
  );
}
