import { ColorInput, Textarea, TextInput } from '@mantine/core';
import { putIcon, putLogo, removeIcon } from '#features/organizations/api.ts';
import { BrandContrast, LineContrast } from '#features/organizations/ui/staff/brand-contrast.tsx';
import { BrandPreview } from '#features/organizations/ui/staff/brand-preview.tsx';
import { IconField } from '#features/organizations/ui/staff/icon-field.tsx';
import { orNull, SaveBar, useSave } from '#features/organizations/ui/staff/save-settings.tsx';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import type { Logo } from '#ui/logo-field.tsx';
import { LogoField } from '#ui/logo-field.tsx';
import { Sheet } from '#ui/page.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

const swatches = ['#0d5460', '#1f4d3f', '#24408e', '#5b3a8c', '#7a3b69', '#9c2a1d', '#b0591b', '#3d3a36'];

const isColor = (hex: string): boolean => /^#[0-9a-f]{6}$/i.test(hex);

type Form = ReturnType<typeof useBrandForm>;
const useBrandForm = (organization: Organization) =>
  useFields(
    {
      brand_color: organization.brand_color,
      accent_color: organization.accent_color ?? '',
      sender_name: organization.sender_name ?? '',
      support_email: organization.support_email ?? '',
      support_phone: organization.support_phone ?? '',
      mail_header: organization.mail_header ?? '',
      mail_footer: organization.mail_footer ?? '',
    },
    {
      brand_color: (hex) => (isColor(hex) ? null : 'Give a colour such as #1f4d3f'),
      accent_color: (hex) =>
        hex === '' || isColor(hex) ? null : 'Give a colour such as #b0591b, or none at all',
    },
  );

export function BrandingSettings({ organization }: { organization: Organization }) {
  const { act, save } = useSave();
  const form = useBrandForm(organization);
  const submit = form.submit(({ brand_color, accent_color, ...texts }) =>
    save({
      brand_color: brand_color.toLowerCase(),
      accent_color: orNull(accent_color.toLowerCase()),
      sender_name: orNull(texts.sender_name),
      support_email: orNull(texts.support_email),
      support_phone: orNull(texts.support_phone),
      mail_header: orNull(texts.mail_header),
      mail_footer: orNull(texts.mail_footer),
    }),
  );
  return (
    <form onSubmit={submit} className="stack loose" noValidate>
      <Look organization={organization} form={form} />
      <Voice organization={organization} form={form} />
      <Sheet title="What your customers see">
        <BrandPreview organization={organization} draft={form.values} />
      </Sheet>
      <SaveBar act={act} />
    </form>
  );
}

function Look({ organization, form }: { organization: Organization; form: Form }) {
  const logo = useAct(putLogo);
  const replaceLogo = async (body: Logo): Promise<void> => {
    try {
      await logo.run({ body });
      tell('Logo saved');
    } catch (error) {
      tellProblem(error);
    }
  };
  return (
    <Sheet title="Logo and colours">
      <div className="stack loose">
        <LogoField
          source={organization.logo_url}
          onChange={(next) => void replaceLogo(next)}
          busy={logo.busy}
        />
        <Icon source={organization.icon_url} />
        <ColorInput
          label="Brand colour"
          description="Where text would be hard to read on it, a lighter or darker shade of it is taken."
          format="hex"
          swatches={swatches}
          swatchesPerRow={8}
          value={form.values.brand_color}
          error={form.errors.brand_color}
          onChange={(hex) => form.set('brand_color', hex)}
          maw={360}
          eyeDropperButtonProps={{ 'aria-label': 'Pick a colour from the screen' }}
        />
        <BrandContrast color={form.values.brand_color} onTake={(hex) => form.set('brand_color', hex)} />
        <ColorInput
          label="Second colour"
          description="The line at the head of mails and the portal, the rules and bands of invoices. Empty: the brand colour."
          format="hex"
          swatches={swatches}
          swatchesPerRow={8}
          value={form.values.accent_color}
          error={form.errors.accent_color}
          onChange={(hex) => form.set('accent_color', hex)}
          maw={360}
          eyeDropperButtonProps={{ 'aria-label': 'Pick a second colour from the screen' }}
        />
        <LineContrast color={form.values.accent_color} />
      </div>
    </Sheet>
  );
}

function Icon({ source }: { source: string | null }) {
  const [put, remove] = [useAct(putIcon), useAct(removeIcon)];
  const keep = async (run: () => Promise<unknown>, said: string): Promise<void> => {
    try {
      await run();
      tell(said);
    } catch (error) {
      tellProblem(error);
    }
  };
  return (
    <IconField
      source={source}
      busy={put.busy || remove.busy}
      onChange={(body) => void keep(() => put.run({ body }), 'Icon saved')}
      onRemove={() => void keep(() => remove.run({}), 'Icon taken away')}
    />
  );
}

function Voice({ organization, form }: { organization: Organization; form: Form }) {
  return (
    <Sheet title="Who speaks">
      <div className="fields two">
        <TextInput
          label="Sender name"
          description="Who your mails are from"
          placeholder={organization.name}
          {...form.text('sender_name')}
        />
        <TextInput
          label="Help by e-mail"
          type="email"
          description="Whom customers ask"
          placeholder={organization.email ?? ''}
          {...form.text('support_email')}
        />
        <TextInput
          label="Help by telephone"
          type="tel"
          placeholder={organization.phone ?? ''}
          {...form.text('support_phone')}
        />
        <TextInput
          label="Head of each mail"
          description="A line under your logo"
          maxLength={300}
          {...form.text('mail_header')}
        />
        <div className="wide">
          <Textarea
            label="Foot of each mail"
            description="Above your address"
            maxLength={1000}
            autosize
            minRows={2}
            {...form.text('mail_footer')}
          />
        </div>
      </div>
    </Sheet>
  );
}
