import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { checkPortalAddress, setPortalAddress } from '#features/organizations/api.ts';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import { CopyButton } from '#ui/copy.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** Words as they stand in an address: `Harbor & Pine` becomes `harbor-pine`. */
const slugLike = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);

/** Where customers find the portal, with the link as it would be while one types. */
export function PortalAddress({ organization }: { organization: Organization }) {
  const { can } = useFrame();
  const [slug, setSlug] = useState(organization.portal_slug ?? slugLike(organization.name));
  const [asked] = useDebouncedValue(slug.trim().toLowerCase(), 300);
  const isNew = asked !== '' && asked !== organization.portal_slug;
  const checked = useAsk(checkPortalAddress, { query: { slug: asked } }, { enabled: isNew });
  const act = useAct(setPortalAddress);
  const problem = isNew ? checked.data?.problem : undefined;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    await act.run({ body: { slug: slug.trim().toLowerCase() } });
    tell('The portal has a new address');
  };
  return (
    <Sheet title="Your customers’ portal">
      <div className="stack">
        <div className="row between">
          <code className="break">{organization.portal_url}</code>
          <CopyButton size="xs" text={organization.portal_url}>
            Copy the address
          </CopyButton>
        </div>
        {can('settings:write') && (
          <form onSubmit={(event) => void submit(event).catch(() => undefined)} className="stack" noValidate>
            <TextInput
              label="Name in the address"
              description="Small letters, digits and hyphens. Addresses that you had before lead to the new one."
              value={slug}
              maxLength={60}
              autoComplete="off"
              spellCheck={false}
              error={problem ?? act.error?.message}
              onChange={(event) => setSlug(event.currentTarget.value)}
            />
            {isNew && checked.data && !problem && (
              <p className="fine" role="status">
                Your customers would open <b className="break">{checked.data.url}</b>
              </p>
            )}
            <Problem error={checked.error} />
            <div className="dialog-actions">
              <Button
                type="submit"
                variant="default"
                loading={act.busy}
                disabled={!isNew || Boolean(problem)}
              >
                Use this address
              </Button>
            </div>
          </form>
        )}
      </div>
    </Sheet>
  );
}
