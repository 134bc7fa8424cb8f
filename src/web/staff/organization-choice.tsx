import type { z } from 'zod';
import type { zMe } from '#features/users/api.ts';
import { listPlaces, switchOrganization } from '#features/users/api.ts';
import { formatMoney } from '#lib/money.ts';
import { useTitle } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { Monogram } from '#web/staff/organization-switcher.tsx';

/** Signed in, but for which organization? Asked only of those who belong to several, or to none. */
export function OrganizationChoice({ me }: { me: z.output<typeof zMe> }) {
  const choose = useAct(switchOrganization);
  const places = new Map((useAsk(listPlaces).data?.data ?? []).map((place) => [place.id, place]));
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
                className="switcher place"
                disabled={choose.busy}
                onClick={() => void choose.run({ body: { organization_id: id } }).catch(() => undefined)}
              >
                <Monogram name={name} />
                <span className="switcher-name">
                  {name}
                  <span className="cell-under">{underOf(mode, places.get(id))}</span>
                </span>
                <Owed place={places.get(id)} />
              </button>
            </li>
          ))}
        </ul>
        <Problem error={choose.error} />
      </div>
    </main>
  );
}

type Place = z.output<typeof listPlaces.reply>['data'][number];

const underOf = (mode: Place['mode'], place: Place | undefined): string =>
  [place?.roles.join(', '), mode === 'sandbox' && 'Practice mode'].filter(Boolean).join(' · ');

/** What is owed there; nothing where one’s roles do not show it. */
function Owed({ place }: { place: Place | undefined }) {
  if (!place || place.owed === null || place.past_due === null) return null;
  const { owed, past_due: late, currency, locale } = place;
  return (
    <span className="place-owed num">
      <span>{formatMoney(owed, currency, locale)} owed</span>
      <span className="cell-under" data-late={late > 0n}>
        {late > 0n ? `${formatMoney(late, currency, locale)} past due` : 'Nothing past due'}
      </span>
    </span>
  );
}
