import { NumberInput } from '@mantine/core';
import { idleWarning } from '#features/organizations/idle-rules.ts';
import { SaveBar, useSave } from '#features/organizations/ui/staff/save-settings.tsx';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { useFields } from '#ui/use-fields.ts';

const range = 'Choose 5 to 480 minutes';

/** When whoever left the desk is signed out. */
export function IdleSettings({ organization }: { organization: Organization }) {
  const { today } = useFrame();
  const { act, save } = useSave();
  const form = useFields(
    { idle_minutes: organization.idle_minutes as number | string },
    { idle_minutes: (value) => (Number(value) >= 5 && Number(value) <= 480 ? null : range) },
  );
  const warning = idleWarning(Number(form.values.idle_minutes), today);
  const submit = form.submit(({ idle_minutes }) => save({ idle_minutes: Number(idle_minutes) }));
  return (
    <Sheet title="Idle sign-out">
      <form onSubmit={submit} className="stack" noValidate>
        <NumberInput
          label="Signed out after, minutes"
          description="Without a click or a key, in every tab. 15 unless you choose otherwise."
          name="idle_minutes"
          min={5}
          max={480}
          step={5}
          maw={320}
          allowDecimal={false}
          value={form.values.idle_minutes}
          error={form.errors.idle_minutes}
          onChange={(value) => form.set('idle_minutes', value)}
        />
        {warning && (
          <p className="note" data-tone="warn">
            {warning.says} ({warning.source}, since {warning.from})
          </p>
        )}
        <SaveBar act={act} />
      </form>
    </Sheet>
  );
}
