import { ActionIcon, Button, Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTrash } from '@tabler/icons-react';
import { type ReminderType, reminderTypes, typeWords } from '#features/reminders/step-rules.ts';
import { type DraftStep, mayRepeat } from '#features/reminders/ui/staff/draft-steps.ts';
import { StepPreview } from '#features/reminders/ui/staff/step-preview.tsx';
import { StepWords } from '#features/reminders/ui/staff/step-words.tsx';

type Props = {
  step: DraftStep;
  name: string;
  errors: Record<string, string>;
  onChange: (patch: Partial<DraftStep>) => void;
  onRemove: () => void;
};

const types = reminderTypes.map((value) => ({ value, label: typeWords[value] }));

/** One step of a policy while it is edited. */
export function StepRow({ step, name, errors, onChange, onRemove }: Props) {
  const { type } = step;
  return (
    <li className="step-row">
      <div className="step-fields">
        <Select
          label="Says"
          aria-label={`${name}: says`}
          data={types}
          value={type}
          allowDeselect={false}
          onChange={(next) => onChange({ type: (next ?? type) as ReminderType })}
        />
        {type === 'payment_due' ? (
          <TextInput label="When" value="On the due date" readOnly error={errors.day_offset} />
        ) : (
          <Days
            label={dayLabels[type]}
            name={name}
            value={step.days}
            error={errors.day_offset}
            onChange={(days) => onChange({ days })}
          />
        )}
        <Repeats step={step} name={name} errors={errors} onChange={onChange} />
        <ActionIcon
          className="step-remove"
          variant="subtle"
          color="brick"
          aria-label={`Remove ${name.toLowerCase()}`}
          onClick={onRemove}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </div>
      <div className="row step-choices">
        {type === 'payment_past_due' && (
          <Checkbox
            label="With a numbered letter as PDF"
            checked={step.formal}
            error={errors.formal}
            onChange={(event) => onChange({ formal: event.currentTarget.checked })}
          />
        )}
        <Checkbox
          label="In its own words"
          checked={step.ownWords}
          onChange={(event) => onChange({ ownWords: event.currentTarget.checked })}
        />
        <PreviewButton step={step} name={name} />
      </div>
      {step.ownWords && (
        <StepWords words={step.words} name={name} errors={errors} onChange={(words) => onChange({ words })} />
      )}
    </li>
  );
}

function Repeats({ step, name, errors, onChange }: Omit<Props, 'onRemove'>) {
  const { type } = step;
  return (
    <>
      {mayRepeat(type) && (
        <Days
          label="Again every, days"
          name={name}
          value={step.every}
          error={errors.every_days}
          placeholder="Once"
          onChange={(every) => onChange({ every })}
        />
      )}
      {type === 'payment_past_due' && step.every !== '' && (
        <Days
          label="Until, days past due"
          name={name}
          value={step.until}
          error={errors.until_days_late}
          placeholder="Until paid"
          onChange={(until) => onChange({ until })}
        />
      )}
    </>
  );
}

const dayLabels: Record<Exclude<ReminderType, 'payment_due'>, string> = {
  upcoming_payment: 'Days before it is due',
  payment_past_due: 'Days past due',
  upcoming_late_fee: 'Days before the fee',
};

type DaysProps = {
  label: string;
  name: string;
  value: number | '';
  error: string | undefined;
  placeholder?: string;
  onChange: (days: number | '') => void;
};

function Days({ label, name, value, error, placeholder, onChange }: DaysProps) {
  return (
    <NumberInput
      label={label}
      aria-label={`${name}: ${label}`}
      min={1}
      max={3650}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      value={value}
      error={error}
      placeholder={placeholder}
      onChange={(days) => onChange(days === '' ? '' : Number(days))}
    />
  );
}

function PreviewButton({ step, name }: Pick<Props, 'step' | 'name'>) {
  const [looking, look] = useDisclosure();
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        aria-label={`Preview ${name.toLowerCase()}`}
        onClick={look.open}
      >
        Preview
      </Button>
      {looking && <StepPreview step={step} onClose={look.close} />}
    </>
  );
}
