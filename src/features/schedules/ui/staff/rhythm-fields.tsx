import { NumberInput, Radio, Select } from '@mantine/core';
import {
  firstProgress,
  nextDates,
  type ScheduleUnit,
  type Series,
  seriesRefusal,
  startRefusal,
} from '#features/schedules/rules.ts';
import { addDays } from '#lib/dates.ts';
import { DateField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';

export type Rhythm = {
  unit: ScheduleUnit;
  every: number;
  starts_on: string;
  end: 'never' | 'times' | 'date';
  times: number;
  ends_on: string;
};

export const freshRhythm = (today: string): Rhythm => ({
  unit: 'month',
  every: 1,
  starts_on: addDays(today, 1),
  end: 'never',
  times: 12,
  ends_on: '',
});

/** What the endpoint is told. */
export const rhythmBody = (values: Rhythm) => ({
  unit: values.unit,
  every: values.unit === 'once' ? 1 : values.every,
  starts_on: values.starts_on,
  times: values.unit !== 'once' && values.end === 'times' ? values.times : null,
  ends_on: values.unit !== 'once' && values.end === 'date' ? values.ends_on : null,
});

const seriesOf = (values: Rhythm): Series => {
  const body = rhythmBody(values);
  return {
    unit: body.unit,
    every: body.every,
    startsOn: body.starts_on,
    times: body.times,
    endsOn: body.ends_on,
  };
};

/** What stands in the way of a rhythm, by field. */
export const rhythmChecks = (today: string) => ({
  starts_on: (date: string) => (date ? (startRefusal(date, today) ?? null) : 'Give the first date'),
  ends_on: (_date: string, values: Rhythm) =>
    values.end === 'date' && values.unit !== 'once'
      ? values.ends_on
        ? (seriesRefusal(seriesOf(values))?.message ?? null)
        : 'Give the last day'
      : null,
});

const units: { value: ScheduleUnit; label: string }[] = [
  { value: 'once', label: 'Once' },
  { value: 'day', label: 'Days' },
  { value: 'week', label: 'Weeks' },
  { value: 'month', label: 'Months' },
  { value: 'year', label: 'Years' },
];

type Props = {
  values: Rhythm;
  errors: Record<string, string>;
  change: (part: Partial<Rhythm>) => void;
};

/** How often, from when, until when, and the dates that come of it. */
export function RhythmFields({ values, errors, change }: Props) {
  const isOnce = values.unit === 'once';
  return (
    <>
      <div className="fields two">
        {!isOnce && (
          <NumberInput
            label="Every"
            name="every"
            min={1}
            max={366}
            allowDecimal={false}
            value={values.every}
            error={errors.every}
            onChange={(every) => change({ every: Number(every) || 1 })}
          />
        )}
        <Select
          label={isOnce ? 'How often' : 'Days, weeks, months or years'}
          name="unit"
          allowDeselect={false}
          data={units}
          value={values.unit}
          onChange={(unit) => change({ unit: (unit ?? 'month') as ScheduleUnit })}
        />
      </div>
      <DateField
        label={isOnce ? 'Date' : 'First date'}
        description="Tomorrow at the earliest"
        name="starts_on"
        required
        value={values.starts_on}
        error={errors.starts_on}
        onChange={(date) => change({ starts_on: date })}
      />
      {!isOnce && <EndFields values={values} errors={errors} change={change} />}
      <NextDates values={values} />
    </>
  );
}

function EndFields({ values, errors, change }: Props) {
  return (
    <>
      <Radio.Group label="Ends" value={values.end} onChange={(end) => change({ end: end as Rhythm['end'] })}>
        <div className="stack tight">
          <Radio value="never" label="Never: until it is stopped" />
          <Radio value="times" label="After a number of times" />
          <Radio value="date" label="On a day" />
        </div>
      </Radio.Group>
      {values.end === 'times' && (
        <NumberInput
          label="How many times"
          name="times"
          min={1}
          max={100_000}
          allowDecimal={false}
          value={values.times}
          error={errors.times}
          onChange={(times) => change({ times: Number(times) || 1 })}
        />
      )}
      {values.end === 'date' && (
        <DateField
          label="Last day"
          name="ends_on"
          value={values.ends_on}
          error={errors.ends_on}
          onChange={(date) => change({ ends_on: date })}
        />
      )}
    </>
  );
}

/** The next five dates, by the very rules that the runner goes by. */
function NextDates({ values }: { values: Rhythm }) {
  const { date } = useFrame();
  const series = seriesOf(values);
  const isComplete = values.starts_on !== '' && (values.end !== 'date' || values.ends_on !== '');
  const dates = isComplete && !seriesRefusal(series) ? nextDates(series, firstProgress(series), 5) : [];
  return (
    <p className="note" role="status">
      {dates.length === 0
        ? 'The dates appear here.'
        : `${dates.length === 1 ? 'On' : 'On these dates first:'} ${dates.map((on) => date(on)).join(' · ')}`}
    </p>
  );
}
