import type { z } from 'zod';
import { getReturnRates, type zReturnRate } from '#features/bank-rules/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { State, type Tone } from '#ui/state.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Rate = z.output<typeof zReturnRate>;

const words: Record<Rate['standing'], { word: string; tone: Tone }> = {
  fine: { word: 'Well below', tone: 'good' },
  near: { word: 'Near the limit', tone: 'warn' },
  over: { word: 'Over the limit', tone: 'bad' },
};

/** How far the track reaches beyond the limit, so that what is over it can be seen to be. */
const trackPerLimit = 1.5;

/**
 * How many bank debits came back, against the network's limits. Above the payments while something is near
 * or over its limit, below them while all is well, nowhere while no debit was sent.
 */
export function ReturnRates({ show }: { show: 'alarm' | 'calm' }) {
  const { date, count } = useFrame();
  const { data } = useAsk(getReturnRates);
  if (!data || data.originated === 0) return null;
  const alarms = data.rates.some(({ standing }) => standing !== 'fine');
  if (alarms !== (show === 'alarm')) return null;
  return (
    <Sheet
      title="Bank debits that came back"
      aside={`${count(data.originated, 'debit')} sent ${date(data.from)} – ${date(data.to)}`}
      className="return-rates no-print"
    >
      <ul className="meters">
        {data.rates.map((rate) => (
          <Meter key={rate.kind} rate={rate} />
        ))}
      </ul>
      {alarms && (
        <p className="fine">
          A share over its limit has to be explained and brought down. Ask customers whose debits came back
          for another payment method.
        </p>
      )}
    </Sheet>
  );
}

function Meter({ rate }: { rate: Rate }) {
  const { locale, count } = useFrame();
  const percent = (bps: number) =>
    (bps / 10_000).toLocaleString(locale, { style: 'percent', maximumFractionDigits: 2 });
  const { word, tone } = words[rate.standing];
  const end_bps = rate.limit_bps * trackPerLimit;
  const fill = Math.min(100, (rate.rate_bps / end_bps) * 100);
  const limit = `limit ${percent(rate.limit_bps)}`;
  return (
    <li data-tone={tone}>
      <div className="meter-head">
        <span className="strong">{rate.title}</span>
        <State tone={tone}>{word}</State>
      </div>
      <div
        role="meter"
        aria-label={rate.title}
        aria-valuemin={0}
        aria-valuemax={end_bps}
        aria-valuenow={Math.min(rate.rate_bps, end_bps)}
        aria-valuetext={`${percent(rate.rate_bps)}, ${limit}: ${word.toLowerCase()}`}
        className="meter"
      >
        <span className="meter-fill" style={{ inlineSize: `${fill}%` }} />
        <span className="meter-limit" style={{ insetInlineStart: `${100 / trackPerLimit}%` }} />
      </div>
      <p className="fine num">
        {percent(rate.rate_bps)} ({count(rate.returned, 'return')}), {limit}
      </p>
      {rate.codes.length > 0 && <p className="fine">{rate.codes.join(', ')}</p>}
    </li>
  );
}
