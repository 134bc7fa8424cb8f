import { Button } from '@mantine/core';
import { ButtonLink } from '#ui/button-link.tsx';
import { Empty, PageHead, Sheet } from '#ui/page.tsx';
import { reasonOf } from '#ui/problem.tsx';

export function Nowhere() {
  return (
    <>
      <PageHead title="There is no page at this address" />
      <Sheet>
        <div className="stack">
          <p>
            The link may be old, or the document may belong to another organization. Switch organizations at
            the top left.
          </p>
          <div>
            <ButtonLink to="/">Go to the overview</ButtonLink>
          </div>
        </div>
      </Sheet>
    </>
  );
}

/** A page that broke, or one whose code is gone because the server was updated meanwhile. */
export function Broken({ error }: { error: unknown }) {
  return (
    <main>
      <Empty
        title="This page could not be shown"
        action={<Button onClick={() => window.location.reload()}>Reload the page</Button>}
      >
        {reasonOf(error)} If the server was just updated, a reload is all it takes.
      </Empty>
    </main>
  );
}
