import { Button, PasswordInput, Switch, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { checkProvider, createProvider, updateProvider } from '#features/oidc/api.ts';
import type { Provider } from '#features/oidc/ui/staff/sign-on-settings.tsx';
import { listRoles } from '#features/users/api.ts';
import { RoleChoice } from '#features/users/ui/staff/role-choice.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type Props = { provider?: Provider; mayForAll: boolean; onClose: () => void };

function useForm(provider: Provider | undefined) {
  return useFields(
    {
      label: provider?.label ?? '',
      issuer: provider?.issuer ?? 'https://',
      client_id: provider?.client_id ?? '',
      client_secret: '',
      for_all: provider?.for_all ?? false,
      email_domains: provider?.email_domains ?? [],
      links_by_email: provider?.links_by_email ?? true,
      creates_users: provider?.creates_users ?? false,
      first_roles: provider?.first_roles ?? ['report_viewer'],
      password_allowed: provider?.password_allowed ?? true,
    },
    {
      label: filled('What stands on the button, such as Google'),
      issuer: filled('The address of your provider'),
      client_id: filled('Copy it from your provider'),
    },
  );
}
type Form = ReturnType<typeof useForm>;

/** Add a provider, or change the rules of one. The connection is tried before anything is kept. */
export function ProviderDialog({ provider, mayForAll, onClose }: Props) {
  const form = useForm(provider);
  const create = useAct(createProvider);
  const update = useAct(updateProvider);
  const submit = form.submit(async ({ issuer, for_all, client_secret, first_roles, ...rules }) => {
    const secret = client_secret.trim() ? { client_secret: client_secret.trim() } : {};
    const body = { ...rules, ...secret, first_roles: rules.creates_users ? first_roles : [] };
    if (provider) await update.run({ params: { id: provider.id }, body });
    else await create.run({ body: { ...body, issuer, for_all } });
    onClose();
    tell(provider ? `${rules.label} is changed` : `${rules.label} is on the sign-in page`);
  });
  return (
    <FormDialog
      title={provider ? `Change ${provider.label}` : 'Add a sign-in provider'}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit={provider ? 'Save' : 'Add the provider'}
      busy={create.busy || update.busy}
      error={create.error ?? update.error}
      size="lg"
    >
      <Connection form={form} provider={provider} />
      <Rules form={form} isNew={!provider} mayForAll={mayForAll} />
    </FormDialog>
  );
}

function Connection({ form, provider }: { form: Form; provider: Provider | undefined }) {
  return (
    <>
      <TextInput
        label="Name on the button"
        required
        data-autofocus
        placeholder="Google"
        {...form.text('label')}
      />
      <TextInput
        label="Issuer"
        required
        type="url"
        disabled={Boolean(provider)}
        description={
          provider
            ? 'It stays: add another provider for another issuer.'
            : 'Such as https://accounts.google.com'
        }
        {...form.text('issuer')}
      />
      <div className="fields two">
        <TextInput label="Client id" required autoComplete="off" {...form.text('client_id')} />
        <PasswordInput
          label="Client secret"
          autoComplete="off"
          placeholder={provider?.has_secret ? 'Kept as it is' : ''}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the secret', tabIndex: 0 }}
          {...form.text('client_secret')}
        />
      </div>
      <TryConnection form={form} provider={provider} />
    </>
  );
}

function TryConnection({ form, provider }: { form: Form; provider: Provider | undefined }) {
  const check = useAct(checkProvider, { readAgain: false });
  const [works, setWorks] = useState('');
  const { issuer, client_id, client_secret, for_all } = form.values;
  const asked = `${issuer} ${client_id} ${client_secret}`;
  const run = (): void => {
    setWorks('');
    const secret = client_secret.trim() ? { client_secret: client_secret.trim() } : {};
    const id = provider ? { id: provider.id } : {};
    check
      .run({ body: { ...id, issuer, client_id, for_all, ...secret } })
      .then(() => setWorks(asked))
      .catch(() => undefined);
  };
  return (
    <>
      <div className="row">
        <Button variant="default" size="xs" loading={check.busy} onClick={run}>
          Test the connection
        </Button>
        <span role="status" className="fine">
          {works === asked && 'The provider answers and knows this client.'}
        </span>
      </div>
      <Problem error={check.error} />
    </>
  );
}

function Rules({ form, isNew, mayForAll }: { form: Form; isNew: boolean; mayForAll: boolean }) {
  const roles = useAsk(listRoles);
  return (
    <>
      <TagsInput
        label="E-mail domains"
        description="Only addresses of these; none for any. Press Enter after each"
        placeholder="example.com"
        value={form.values.email_domains}
        error={form.errors.email_domains}
        maxTags={20}
        splitChars={[',', ' ', ';']}
        onChange={(list) => form.set('email_domains', list)}
      />
      <Switch
        label="Connect by e-mail address"
        description="Whoever has the same address here, verified by the provider, is signed in at once. Off: each person connects it first."
        {...form.flag('links_by_email')}
      />
      <Switch
        label="Add newcomers"
        description="Somebody of these domains who has no user here gets one at the first sign-in."
        {...form.flag('creates_users')}
      />
      {form.values.creates_users && (
        <RoleChoice
          roles={roles.data?.data ?? []}
          value={form.values.first_roles}
          error={form.errors.first_roles}
          onChange={(list) => form.set('first_roles', list)}
        />
      )}
      <Switch
        label="Passwords work as well"
        description="Off: only owners, and people who work for other organizations too, still sign in with a password."
        {...form.flag('password_allowed')}
      />
      {isNew && mayForAll && (
        <Switch
          label="For everybody of this installation"
          description="The button is on everybody’s sign-in page. It stays as chosen."
          {...form.flag('for_all')}
        />
      )}
    </>
  );
}
