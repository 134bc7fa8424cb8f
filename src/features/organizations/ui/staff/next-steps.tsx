import { IconCheck } from '@tabler/icons-react';
import type { Overview } from '#features/organizations/ui/staff/home-page.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { Sheet } from '#ui/page.tsx';

type Step = { title: string; why: string; to: string; search?: Record<string, string>; action: string };

/** The way from an empty desk to the first payment. Keys come from the server; an unknown one is left out. */
const steps: Record<string, Step> = {
  logo: {
    title: 'Make it yours',
    why: 'Your logo and colour stand on every invoice, mail and portal page.',
    to: '/settings',
    search: { section: 'branding' },
    action: 'Set branding',
  },
  customers: {
    title: 'Bring your customers in',
    why: 'A CSV file from any system will do; you see what happens before it does.',
    to: '/imports/new',
    search: { kind: 'customers' },
    action: 'Import customers',
  },
  invoices: {
    title: 'Bring open invoices in, or write one',
    why: 'Totals are worked out as you type.',
    to: '/invoices/new',
    action: 'New invoice',
  },
  sent: {
    title: 'Send an invoice',
    why: 'The mail carries a Pay button that needs no password.',
    to: '/invoices',
    search: { status: 'open' },
    action: 'Choose invoices',
  },
  invited: {
    title: 'Invite customers to the portal',
    why: 'There they see everything they owe, keep a payment method and find receipts.',
    to: '/customers',
    action: 'Choose customers',
  },
  paid: {
    title: 'Receive your first payment',
    why: 'It is applied to its invoice by itself; the timeline shows each step.',
    to: '/payments',
    action: 'See payments',
  },
};

export function NextSteps({ overview }: { overview: Overview }) {
  const known = overview.steps.flatMap(({ key, done }) => {
    const step = steps[key];
    return step ? [{ key, done, step }] : [];
  });
  const open = known.filter(({ done }) => !done);
  if (open.length === 0) return <Uninvited count={overview.never_invited} />;
  const next = open[0]?.key;
  return (
    <Sheet
      title="Next steps"
      aside={
        <span className="num">
          {known.length - open.length} of {known.length} done
        </span>
      }
    >
      <ol className="steps">
        {known.map(({ key, done, step }) => (
          <li key={key} data-done={done}>
            <span className="step-mark" aria-hidden>
              {done && <IconCheck size={14} stroke={2.4} />}
            </span>
            <div>
              <p className="strong">
                {step.title}
                {done && <span className="hidden"> (done)</span>}
              </p>
              {!done && <p className="fine">{step.why}</p>}
            </div>
            {!done && (
              <ButtonLink
                to={step.to}
                {...(step.search ? { search: step.search } : {})}
                size="xs"
                variant={key === next ? 'filled' : 'default'}
              >
                {step.action}
              </ButtonLink>
            )}
          </li>
        ))}
      </ol>
    </Sheet>
  );
}

function Uninvited({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <div className="note row between">
      <span>{count === 1 ? 'One customer was' : `${count} customers were`} never invited to the portal.</span>
      <ButtonLink to="/customers" size="xs" variant="default">
        Choose whom to invite
      </ButtonLink>
    </div>
  );
}
