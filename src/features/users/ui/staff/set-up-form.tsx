import { Button, Radio, Select, TextInput } from '@mantine/core';
import { setUpOrganization } from '#features/users/first-start/api.ts';
import { Door } from '#features/users/ui/staff/door.tsx';
import { guessCountry, guessCurrency, guessZone } from '#features/users/ui/staff/guess-place.ts';
import { PasswordField } from '#features/users/ui/staff/password-field.tsx';
import { currencies } from '#lib/money.ts';
import type { AddressValue } from '#ui/address-fields.tsx';
import { AddressFields, tidyAddress } from '#ui/address-fields.tsx';
import type { Logo } from '#ui/logo-field.tsx';
import { LogoField, logoSource } from '#ui/logo-field.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import type { Fields } from '#ui/use-fields.ts';
import { emailLike, filled, useFields } from '#ui/use-fields.ts';

type Values = {
  mode: 'sandbox' | 'live';
  name: string;
  time_zone: string;
  currency: string;
  address: AddressValue;
  logo: Logo | null;
  first_name: string;
  last_name: string;
  email: string;
  password: string;
};
type Form = Fields<Values>;

function useSetUpForm(): Form {
  const country = guessCountry();
  return useFields<Values>(
    {
      mode: 'sandbox',
      name: '',
      time_zone: guessZone(),
      currency: guessCurrency(country),
      address: country ? { country } : {},
      logo: null,
      first_name: '',
      last_name: '',
      email: '',
      password: '',
    },
    {
      name: filled('What does your business call itself?'),
      first_name: filled('Enter your first name'),
      last_name: filled('Enter your last name'),
      email: emailLike('Enter your e-mail address'),
      password: (text) => (text.length >= 12 ? null : 'Use at least 12 characters'),
    },
  );
}

export function SetUpForm({
  token,
  onDone,
  onBack,
}: {
  token: string;
  onDone: () => void;
  onBack: () => void;
}) {
  const act = useAct(setUpOrganization, { readAgain: false });
  const form = useSetUpForm();
  const submit = form.submit(async ({ logo, address, ...rest }) => {
    await act.run({ body: { ...rest, token, address: tidyAddress(address), ...(logo ? { logo } : {}) } });
    onDone();
  });
  return (
    <Door
      wide
      aside={
        <Button variant="subtle" color="ink" onClick={onBack}>
          Back
        </Button>
      }
    >
      <h1>Set up your business</h1>
      <p className="door-lead">
        What customers will see on invoices and mails. You can change it all later, except the currency.
      </p>
      <form onSubmit={submit} className="stack loose" noValidate>
        <Business form={form} />
        <You form={form} />
        <Mode form={form} />
        <Problem error={act.error} />
        <div className="dialog-actions">
          <Button type="submit" size="md" loading={act.busy}>
            Create {form.values.name.trim() || 'my business'}
          </Button>
        </div>
      </form>
    </Door>
  );
}

function Business({ form }: { form: Form }) {
  const { logo } = form.values;
  const zones = Intl.supportedValuesOf('timeZone');
  const own = form.values.time_zone;
  return (
    <Sheet title="Your business">
      <div className="stack">
        <TextInput label="Business name" required autoComplete="organization" {...form.text('name')} />
        <div className="fields two">
          <Select
            label="Currency"
            searchable
            data={currencies()}
            description="Of your books. It stays as chosen."
            value={form.values.currency}
            error={form.errors.currency}
            onChange={(code) => code && form.set('currency', code)}
          />
          <Select
            label="Time zone"
            searchable
            data={zones.includes(own) ? zones : [own, ...zones]}
            description="Decides when a day, and a due date, ends."
            value={own}
            error={form.errors.time_zone}
            onChange={(zone) => zone && form.set('time_zone', zone)}
          />
        </div>
        <AddressFields
          value={form.values.address}
          onChange={(address) => form.set('address', address)}
          errors={form.errors}
        />
        <LogoField
          source={logo ? logoSource(logo) : null}
          onChange={(next) => form.set('logo', next)}
          error={form.errors.logo}
        />
      </div>
    </Sheet>
  );
}

function You({ form }: { form: Form }) {
  const { first_name, last_name, email, name, password } = form.values;
  return (
    <Sheet title="You">
      <div className="fields two">
        <TextInput label="First name" required autoComplete="given-name" {...form.text('first_name')} />
        <TextInput label="Last name" required autoComplete="family-name" {...form.text('last_name')} />
        <TextInput label="E-mail" required type="email" autoComplete="username" {...form.text('email')} />
        <PasswordField
          value={password}
          onChange={(text) => form.set('password', text)}
          error={form.errors.password}
          personal={[first_name, last_name, name, email.split('@')[0] ?? '']}
        />
      </div>
    </Sheet>
  );
}

function Mode({ form }: { form: Form }) {
  return (
    <Sheet title="Practice, or for real?">
      <Radio.Group
        aria-label="Practice, or for real?"
        value={form.values.mode}
        onChange={(mode) => form.set('mode', mode === 'live' ? 'live' : 'sandbox')}
      >
        <div className="choices">
          <Radio.Card value="sandbox" className="choice">
            <Radio.Indicator />
            <span>
              <span className="strong">Practice mode</span>
              <span className="fine">
                No mail leaves: every message stays in a mailbox that you read here. Only test cards and test
                bank accounts work. You may move the clock forward to see reminders and due dates come.
              </span>
            </span>
          </Radio.Card>
          <Radio.Card value="live" className="choice">
            <Radio.Indicator />
            <span>
              <span className="strong">Live</span>
              <span className="fine">
                Mail goes to real people as soon as a mail server is connected, and money moves once a payment
                gateway is. An organization that begins live stays live; you can add one for practice at any
                time.
              </span>
            </span>
          </Radio.Card>
        </div>
      </Radio.Group>
    </Sheet>
  );
}
