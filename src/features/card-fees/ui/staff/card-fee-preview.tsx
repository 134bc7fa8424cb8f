import {
  type CardFeePolicy,
  type CardFeeRule,
  type Funding,
  priceCardFee,
} from '#features/card-fees/rules.ts';
import {
  cardFeeLabels,
  cardFeeSentence,
  noCardFeeWords,
  percentWords,
} from '#features/card-fees/word-rules.ts';
import { currencyDigits } from '#lib/money.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';

type Line = { label: string; kind: 'card' | 'bank_account'; funding: Funding };
const lines: Line[] = [
  { label: 'By credit card', kind: 'card', funding: 'credit' },
  { label: 'By debit or prepaid card', kind: 'card', funding: 'debit' },
  { label: 'By a card of unknown kind', kind: 'card', funding: 'unknown' },
  { label: 'By bank account', kind: 'bank_account', funding: 'unknown' },
];

/** What a customer would be asked for an invoice, by the rules that will price it. */
export function CardFeePreview({ policy, rules }: { policy: CardFeePolicy; rules: readonly CardFeeRule[] }) {
  const { money, currency, locale } = useFrame();
  const base = 1000n * 10n ** BigInt(currencyDigits(currency));
  if (policy.mode === 'off') return null;
  const { mode: kind, channel } = policy;
  const price = ({ kind: way, funding }: Line) =>
    priceCardFee(policy, rules, {
      kind: way,
      funding,
      brand: 'visa',
      base,
      currency,
      channel,
      planned: 0n,
      // As it will be from its first day on.
      today: '9999-12-31',
    });
  return (
    <Sheet title="What a customer pays" className="fee-preview">
      <p className="fine">
        An invoice of {money(base)}, which is what the invoice says.{' '}
        {cardFeeSentence({ ...policy, kind }, locale)}
      </p>
      <dl className="fee-list">
        {lines.map((line) => {
          const { amount, ...more } = price(line);
          const percent = 'percent' in more && more.percent;
          return (
            <div key={line.label} {...(amount === 0n ? {} : { 'data-strong': 'true' })}>
              <dt>
                {line.label}
                {'why' in more && <span className="fine"> {noCardFeeWords[more.why]}</span>}
                {amount !== 0n && (
                  <span className="fine">
                    {' '}
                    with {cardFeeLabels[kind].toLowerCase()}
                    {kind !== 'dual_pricing' && percent && ` of ${percentWords(percent)}`}: {money(amount)}
                  </span>
                )}
              </dt>
              <dd className="num">{money(base + amount)}</dd>
            </div>
          );
        })}
      </dl>
    </Sheet>
  );
}
