import { meterWords } from '#features/billing/price-rules.ts';
import type { Billing } from '#features/billing/ui/staff/plan-words.ts';

type Usage = NonNullable<Billing['subscription']>['usage'];

/** How much of each is used of what is included. A bar that is full goes on in figures. */
export function UsageBars({ usage, locale }: { usage: Usage; locale: string }) {
  if (usage.length === 0) return <p className="fine">Nothing was used yet that is counted.</p>;
  const number = (value: number): string => value.toLocaleString(locale);
  return (
    <ul className="usage-bars">
      {usage.map(({ meter, quantity, included, is_priced: isPriced }) => {
        const beyond = Math.max(0, quantity - included);
        const words = [
          included > 0 ? `${number(quantity)} of ${number(included)} included` : number(quantity),
          ...(included > 0 && beyond > 0 ? [`${number(beyond)} ${isPriced ? 'billed' : 'not billed'}`] : []),
        ].join(', ');
        return (
          <li key={meter}>
            <span className="usage-name">{meterWords[meter].many}</span>
            <span className="usage-figure num">{words}</span>
            {included > 0 && (
              <span className="usage-bar" data-full={beyond > 0} aria-hidden>
                <span style={{ width: `${Math.min(100, (100 * quantity) / included)}%` }} />
              </span>
            )}
            <span className="fine">{meterWords[meter].says}</span>
          </li>
        );
      })}
    </ul>
  );
}
