import { ColorInput } from '@mantine/core';
import { putLogo } from '#features/organizations/api.ts';
import { BrandPreview } from '#features/organizations/ui/staff/brand-preview.tsx';
import { SaveBar, useSave } from '#features/organizations/ui/staff/save-settings.tsx';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import type { Logo } from '#ui/logo-field.tsx';
import { LogoField } from '#ui/logo-field.tsx';
import { Sheet } from '#ui/page.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

const swatches = ['#0d5460', '#1f4d3f', '#24408e', '#5b3a8c', '#7a3b69', '#9c2a1d', '#b0591b', '#3d3a36'];

export function BrandingSettings({ organization }: { organization: Organization }) {
  const { act, save } = useSave();
  const logo = useAct(putLogo);
  const form = useFields(
    { brand_color: organization.brand_color },
    {
      brand_color: (hex) => (/^#[0-9a-f]{6}$/i.test(hex) ? null : 'Give a colour such as #1f4d3f'),
    },
  );
  const replaceLogo = async (body: Logo): Promise<void> => {
    try {
      await logo.run({ body });
      tell('Logo saved');
    } catch (error) {
      tellProblem(error);
    }
  };
  const submit = form.submit(({ brand_color }) => save({ brand_color: brand_color.toLowerCase() }));
  return (
    <form onSubmit={submit} className="stack loose" noValidate>
      <Sheet title="Logo and colour">
        <div className="stack loose">
          <LogoField
            source={organization.logo_url}
            onChange={(next) => void replaceLogo(next)}
            busy={logo.busy}
          />
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
        </div>
      </Sheet>
      <Sheet title="What your customers see">
        <BrandPreview organization={organization} color={form.values.brand_color} />
      </Sheet>
      <SaveBar act={act} />
    </form>
  );
}
