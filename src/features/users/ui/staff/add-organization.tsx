import { Radio, Select, TextInput } from '@mantine/core';
import { addOrganization } from '#features/users/profile/api.ts';
import { guessZone } from '#features/users/ui/staff/guess-place.ts';
import { currencies } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type Props = { currency: string; onDone: (organizationId: string) => void; onClose: () => void };

/** Another business, or one to practise with, under the same sign-in. */
export function AddOrganization({ currency, onDone, onClose }: Props) {
  const add = useAct(addOrganization, { readAgain: false });
  const zone = guessZone();
  const zones = Intl.supportedValuesOf('timeZone');
  const form = useFields(
    { name: '', mode: 'sandbox' as 'sandbox' | 'live', currency, time_zone: zone },
    { name: filled('What does the business call itself?') },
  );
  const submit = form.submit(async (body) => onDone((await add.run({ body })).id));
  return (
    <FormDialog
      title="Add an organization"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Add and work in it"
      busy={add.busy}
      error={add.error}
      size="lg"
    >
      <p className="fine">You are its owner. Your people come along only where you invite them.</p>
      <TextInput
        label="Business name"
        required
        data-autofocus
        autoComplete="organization"
        {...form.text('name')}
      />
      <div className="fields two">
        <Select
          label="Currency"
          searchable
          data={currencies()}
          description="Of its books. It stays as chosen."
          value={form.values.currency}
          error={form.errors.currency}
          onChange={(code) => code && form.set('currency', code)}
        />
        <Select
          label="Time zone"
          searchable
          data={zones.includes(zone) ? zones : [zone, ...zones]}
          description="Decides when a day, and a due date, ends."
          value={form.values.time_zone}
          error={form.errors.time_zone}
          onChange={(next) => next && form.set('time_zone', next)}
        />
      </div>
      <Radio.Group
        label="Practice, or for real?"
        value={form.values.mode}
        onChange={(mode) => form.set('mode', mode === 'live' ? 'live' : 'sandbox')}
      >
        <div className="stack tight" style={{ marginTop: 8 }}>
          <Radio value="sandbox" label="Practice mode" description="No mail leaves, and no money moves." />
          <Radio
            value="live"
            label="Live"
            description="Mail goes to real people, and money moves once a gateway is connected."
          />
        </div>
      </Radio.Group>
    </FormDialog>
  );
}
