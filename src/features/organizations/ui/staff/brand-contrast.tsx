import { Button } from '@mantine/core';
import { brandLine, brandPalette } from '#ui/brand-palette.ts';
import { contrast, type Hex, isHex } from '#ui/color.ts';
import { roles } from '#ui/tokens.ts';

const needed = 4.5;

/** The better of paper and ink on a colour, by WCAG 2. */
const textOn = (fill: Hex): { ratio: number; name: string } => {
  const [white, ink] = [contrast(fill, roles.light.sheet), contrast(fill, roles.light.ink)];
  return white >= ink ? { ratio: white, name: 'White words' } : { ratio: ink, name: 'Dark words' };
};
/** Rounded down: 4.49 is not 4.5. */
const shown = (ratio: number): string =>
  `${(Math.floor(ratio * 10) / 10).toLocaleString('en', { minimumFractionDigits: 1 })} : 1`;

/** A line is no text: 3 : 1 is enough for it. */
const neededOfLine = 3;

/**
 * How well the second colour shows on paper by day and by night, and the shades that are taken where it
 * does not.
 */
export function LineContrast({ color }: { color: string }) {
  const hex = color.toLowerCase();
  const line = brandLine(hex);
  if (!isHex(hex) || !line) return null;
  const rows = (['light', 'dark'] as const).map((scheme) => ({
    what: scheme === 'light' ? 'A line of it by day' : 'A line of it by night',
    yours: contrast(hex, roles[scheme].canvas),
    shown: contrast(line[scheme], roles[scheme].canvas),
  }));
  return (
    <div className="contrast" role="group" aria-label="Contrast of the second colour">
      <table>
        <thead>
          <tr>
            <th scope="col">Contrast (WCAG needs {neededOfLine} : 1)</th>
            <th scope="col">Yours</th>
            <th scope="col">As shown</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ what, yours, shown: taken }) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td className="num" data-low={yours < neededOfLine}>
                {shown(yours)}
              </td>
              <td className="num">{shown(taken)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Props = { color: string; onTake: (color: string) => void };

/** How well a brand colour reads, in figures, and the nearest shade of it that does. */
export function BrandContrast({ color, onTake }: Props) {
  const palette = brandPalette(color.toLowerCase());
  if (!isHex(color) || !palette) return null;
  const { accent, accentInk } = palette.light;
  const button = textOn(color);
  const asText = contrast(color, roles.light.sheet);
  const rows = [
    { what: `${button.name} on a button of it`, ratio: button.ratio },
    { what: 'Links in it on white', ratio: asText },
  ];
  const readable = button.ratio >= needed && asText >= needed ? undefined : accentInk;
  return (
    <div className="contrast" role="group" aria-label="Contrast">
      <table>
        <thead>
          <tr>
            <th scope="col">Contrast (WCAG needs {needed} : 1)</th>
            <th scope="col">Yours</th>
            <th scope="col">As shown</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ what, ratio }, at) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td className="num" data-low={ratio < needed}>
                {shown(ratio)}
              </td>
              <td className="num">
                {shown(
                  at === 0 ? textOn(accent as Hex).ratio : contrast(accentInk as Hex, roles.light.sheet),
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {readable && (
        <div className="contrast-advice">
          <span className="contrast-shade" style={{ background: readable }} aria-hidden />
          <p>
            Some words in this colour are hard to read, so a shade of it is shown in their place.{' '}
            <b>{readable}</b> is the nearest that reads everywhere.
          </p>
          <Button size="xs" variant="default" onClick={() => onTake(readable)}>
            Take {readable}
          </Button>
        </div>
      )}
    </div>
  );
}
