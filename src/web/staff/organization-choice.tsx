import type { z } from 'zod';
import type { zMe } from '#features/users/api.ts';
import { switchOrganization } from '#features/users/api.ts';
import { useTitle } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { Monogram } from '#web/staff/organization-switcher.tsx';

/** Signed in, but for which organization? Asked only of those who belong to several, or to none. */
export function OrganizationChoice({ me }: { me: z.output<typeof zMe> }) {
  const choose = useAct(switchOrganization);
  useTitle('Choose an organization');
  return (
    <main className="door">
      <div className="door-body">
        <h1>Where do you want to work?</h1>
        {me.organizations.length === 0 ? (
          <p className="door-lead">
            You belong to no organization yet. Ask a superuser of yours to add {me.user.email}.
          </p>
        ) : (
          <p className="door-lead">You can switch at any time at the top left.</p>
        )}
        <ul className="stack tight">
          {me.organizations.map(({ id, name, mode }) => (
            <li key={id}>
              <button
                type="button"
                className="switcher"
                disabled={choose.busy}
                onClick={() => void choose.run({ body: { organization_id: id } }).catch(() => undefined)}
              >
                <Monogram name={name} />
                <span className="switcher-name">
                  {name}
                  {mode === 'sandbox' && <span className="cell-under">Practice mode</span>}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <Problem error={choose.error} />
      </div>
    </main>
  );
}
