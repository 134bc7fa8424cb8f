import { Button, NumberInput, Switch, TextInput } from '@mantine/core';
import { type Meter, meterWords } from '#features/billing/price-rules.ts';
import { readDecimal } from '#lib/money.ts';
import { useFrame } from '#ui/frame.tsx';

type DraftStep = { id: number; upTo: number | ''; price: string };
export type DraftMeter = { included: number; steps: DraftStep[] };

/** As the server takes it; a step without a price is left out, and the last one goes on without end. */
export function readMeter(meter: Meter, draft: DraftMeter | undefined, locale: string) {
  if (!draft) return [];
  const steps = draft.steps.flatMap(({ upTo, price }) => {
    const read = readDecimal(price, locale);
    return read === undefined ? [] : [{ upTo, price: read }];
  });
  const tiers = steps.map(({ upTo, price }, at) => ({
    up_to: at === steps.length - 1 || upTo === '' ? null : upTo,
    price,
  }));
  return [{ meter, included: draft.included, tiers }];
}

type Props = {
  meter: Meter;
  draft: DraftMeter | undefined;
  onChange: (draft: DraftMeter | undefined) => void;
};

/** What of one thing is included, and what more of it costs, in one step or in several. */
export function MeterFields({ meter, draft, onChange }: Props) {
  const { many, one, says } = meterWords[meter];
  const begin = { included: 0, steps: [{ id: 0, upTo: '' as const, price: '' }] };
  const addStep = (to: DraftMeter): void => {
    const id = Math.max(0, ...to.steps.map((step) => step.id)) + 1;
    const upTo = 1000 * 10 ** Math.max(0, to.steps.length - 1);
    const steps = to.steps.map((step, at) => (at === to.steps.length - 1 ? { ...step, upTo } : step));
    onChange({ ...to, steps: [...steps, { id, upTo: '', price: '' }] });
  };
  return (
    <fieldset className="meter-fields">
      <legend className="unseen">{many}</legend>
      <Switch
        label={`Count ${many.toLowerCase()}`}
        description={says}
        checked={draft !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? begin : undefined)}
      />
      {draft && (
        <div className="stack">
          <NumberInput
            label="Included"
            min={0}
            allowDecimal={false}
            maw={200}
            value={draft.included}
            onChange={(value) => onChange({ ...draft, included: Number(value) || 0 })}
          />
          {draft.steps.map((step, at) => (
            <Step
              key={step.id}
              step={step}
              of={one}
              isLast={at === draft.steps.length - 1}
              onChange={(next) =>
                onChange({ ...draft, steps: draft.steps.map((each) => (each.id === step.id ? next : each)) })
              }
            />
          ))}
          <div className="row">
            <Button size="compact-sm" variant="subtle" onClick={() => addStep(draft)}>
              Add a step
            </Button>
            {draft.steps.length > 1 && (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => onChange({ ...draft, steps: draft.steps.slice(0, -1) })}
              >
                Take the last step away
              </Button>
            )}
          </div>
        </div>
      )}
    </fieldset>
  );
}

type StepProps = { step: DraftStep; of: string; isLast: boolean; onChange: (step: DraftStep) => void };

function Step({ step, of, isLast, onChange }: StepProps) {
  const { currency } = useFrame();
  return (
    <div className="fields two">
      {isLast ? (
        <TextInput label="Beyond what is included" value="all the rest" readOnly tabIndex={-1} />
      ) : (
        <NumberInput
          label="Beyond what is included, up to"
          min={1}
          allowDecimal={false}
          value={step.upTo}
          onChange={(value) => onChange({ ...step, upTo: Number(value) || '' })}
        />
      )}
      <TextInput
        label={`For each ${of}`}
        inputMode="decimal"
        classNames={{ input: 'money-input' }}
        placeholder="Not billed"
        rightSection={<span className="unit">{currency}</span>}
        rightSectionWidth={52}
        value={step.price}
        onChange={(event) => onChange({ ...step, price: event.currentTarget.value })}
      />
    </div>
  );
}
