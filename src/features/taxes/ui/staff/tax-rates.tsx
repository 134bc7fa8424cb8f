import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { listTaxRates, updateTaxRate } from '#features/taxes/api.ts';
import { TaxDialog, type TaxRate } from '#features/taxes/ui/staff/tax-dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tellProblem } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** The rates that lines choose from. */
export function TaxRates() {
  const { can } = useFrame();
  const [adding, setAdding] = useState(false);
  const rates = useAsk(listTaxRates, { query: { status: 'all', limit: 100 } });
  const rows = rates.data?.data ?? [];
  return (
    <Sheet
      title="Tax rates"
      aside={
        can('settings:write') && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            Add a rate
          </Button>
        )
      }
    >
      <Problem error={rates.error} onRetry={() => void rates.refetch()} />
      {rates.data && rows.length === 0 && (
        <p className="fine">No rates yet. Invoices charge no tax until one is added and chosen on a line.</p>
      )}
      <ul className="plain-rows">
        {rows.map((rate) => (
          <Rate key={rate.id} rate={rate} />
        ))}
      </ul>
      <p className="fine">
        Tax is rounded half up on the invoice, once for each rate. A customer that is exempt says so, with its
        reason, on its own page.
      </p>
      {adding && <TaxDialog onClose={() => setAdding(false)} />}
    </Sheet>
  );
}

function Rate({ rate }: { rate: TaxRate }) {
  const { can, locale } = useFrame();
  const act = useAct(updateTaxRate);
  const percent = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 }).format(
    rate.percent as `${number}`,
  );
  const kind = rate.inclusive ? 'inside the price' : rate.compound ? 'on top, compound' : 'on top';
  const turn = () => act.run({ params: { id: rate.id }, body: { active: !rate.active } }).catch(tellProblem);
  return (
    <li>
      <span>
        <span className="strong">{rate.name}</span>
        <span className="cell-under">
          {percent} %, {kind}
        </span>
      </span>
      {!rate.active && <State tone="faint">Not in use</State>}
      {can('settings:write') && (
        <Button
          size="compact-sm"
          variant="subtle"
          loading={act.busy}
          aria-label={`${rate.active ? 'Take out of use' : 'Use again'}: ${rate.name}`}
          onClick={() => void turn()}
        >
          {rate.active ? 'Take out of use' : 'Use again'}
        </Button>
      )}
    </li>
  );
}
