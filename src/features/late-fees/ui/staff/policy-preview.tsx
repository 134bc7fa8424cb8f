import { type LateFeePolicy, planLateFees } from '#features/late-fees/rules.ts';
import { addDays } from '#lib/dates.ts';
import { currencyDigits, sum } from '#lib/money.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';

const most = 6;

/** What an invoice that nobody pays would be charged, by the rules that will charge it. */
export function PolicyPreview({ terms }: { terms: LateFeePolicy }) {
  const { money, date, today, currency } = useFrame();
  const total = 1000n * 10n ** BigInt(currencyDigits(currency));
  const { fees } = planLateFees(
    {
      dueDate: today,
      currency,
      total,
      balanceDue: total,
      reserved: 0n,
      fees: 0n,
      feesApart: 0n,
      feesApartDue: 0n,
      isLateFee: false,
      isOpen: true,
      issuedOn: today,
      isOff: false,
      isCustomerOff: false,
      rests: [],
      lastOn: null,
      taken: 0,
    },
    terms,
    addDays(today, 730),
  );
  const shown = fees.slice(0, most);
  return (
    <Sheet title="What it comes to" className="fee-preview">
      <p className="fine">
        An invoice of {money(total)} that is due today, {date(today)}, and that nobody pays:
      </p>
      {shown.length === 0 ? (
        <p className="fee-none">No late fee yet: give an amount.</p>
      ) : (
        <dl className="fee-list">
          {shown.map((fee) => (
            <div key={fee.sequence}>
              <dt>{date(fee.on)}</dt>
              <dd className="num">{money(fee.amount)}</dd>
            </div>
          ))}
          {fees.length > most && (
            <div className="fine">
              <dt>and {fees.length - most} more within two years</dt>
              <dd className="num">{money(sum(fees.slice(most).map(({ amount }) => amount)))}</dd>
            </div>
          )}
          <div data-strong="true">
            <dt>{fees.length > most ? 'Owed after two years' : 'Owed then'}</dt>
            <dd className="num">{money(total + sum(fees.map(({ amount }) => amount)))}</dd>
          </div>
        </dl>
      )}
    </Sheet>
  );
}
