import type { Hex } from '#ui/color.ts';
import { contrast, fromOklch, isHex, mix, shiftLightness, toOklch } from '#ui/color.ts';
import type { Roles } from '#ui/tokens.ts';
import { roles } from '#ui/tokens.ts';

/** The accents of one organization; whatever colour it chose, they can be read. */
export type BrandRoles = Pick<
  Roles,
  'accent' | 'accentHover' | 'onAccent' | 'accentEdge' | 'accentInk' | 'accentTint' | 'focus'
>;
export type BrandPalette = { light: BrandRoles; dark: BrandRoles };

const text = 4.5;
const shape = 3;
// A little to spare, so that rounding to bytes and translucent layers stay above the line.
const slack = 0.05;

/**
 * Turns a brand colour into accents: a fill with text on it, its hover, an edge that shows where a pale
 * fill ends, text and links, a tint. Hue is the organization's; lightness gives way where reading demands it.
 * Answers undefined for text that is no colour, so that a broken setting falls back to our own accent.
 */
export function brandPalette(hex: string): BrandPalette | undefined {
  if (!isHex(hex)) return undefined;
  return { light: accents(hex, roles.light, 'light'), dark: accents(hex, roles.dark, 'dark') };
}

/**
 * A second colour as a line: shown as it is where it can be seen on the paper, else a shade of it that can.
 */
export function brandLine(hex: string): { light: Hex; dark: Hex } | undefined {
  if (!isHex(hex)) return undefined;
  const seen = ({ canvas, sheet, sunken }: Roles): Hex =>
    shiftLightness(hex, (shade) =>
      [canvas, sheet, sunken].every((paper) => contrast(shade, paper) >= shape + slack),
    );
  return { light: seen(roles.light), dark: seen(roles.dark) };
}

function accents(brand: Hex, base: Roles, scheme: 'light' | 'dark'): BrandRoles {
  const papers = [base.canvas, base.sheet, base.sunken];
  // A dark brand disappears on a dark sheet: there the fill is lifted until its shape shows.
  const seen =
    scheme === 'dark' ? shiftLightness(brand, (hex) => contrast(hex, base.sheet) >= shape + slack) : brand;
  const fill = shiftLightness(seen, (hex) => contrast(hex, onColor(hex)) >= text + slack);
  const onAccent = onColor(fill);
  const tint = mix(fill, base.sheet, scheme === 'light' ? 0.11 : 0.18);
  const accentInk = shiftLightness(fill, (hex) =>
    [...papers, tint].every((paper) => contrast(hex, paper) >= text + slack),
  );
  const showsOn = (paper: Hex, hex: Hex): boolean => contrast(hex, paper) >= shape + slack;
  const accentEdge = shiftLightness(fill, (hex) => papers.every((paper) => showsOn(paper, hex)));
  return {
    accent: fill,
    accentHover: hover(fill, onAccent),
    onAccent,
    accentEdge,
    accentInk,
    accentTint: tint,
    focus: accentEdge,
  };
}

/** Paper or ink, whichever reads better on the fill. */
function onColor(fill: Hex): Hex {
  const [paper, ink] = [roles.light.sheet, roles.light.ink];
  return contrast(fill, paper) >= contrast(fill, ink) ? paper : ink;
}

/** Away from the text, so that contrast only grows. */
function hover(fill: Hex, on: Hex): Hex {
  const color = toOklch(fill);
  const away = contrast(on, '#000000') > contrast(on, '#ffffff') ? -0.06 : 0.06;
  return fromOklch({ ...color, lightness: color.lightness + away });
}
