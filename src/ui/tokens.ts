import type { Hex } from '#ui/color.ts';
import { fromOklch } from '#ui/color.ts';

/**
 * The look of Owed, once: the console's theme, the portal's custom properties, the mails' inline styles
 * and the documents read it here. Warm paper, dark ink, one accent (petrol), figures that line up.
 */

/** Ten steps from the lightest to the darkest, as Mantine counts them. */
export type Scale = readonly [Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex];

const steps = [0.972, 0.938, 0.885, 0.812, 0.722, 0.63, 0.535, 0.452, 0.375, 0.29];
const fullness = [0.14, 0.26, 0.45, 0.68, 0.88, 1, 1, 0.92, 0.8, 0.62];

function scale(hue: number, chroma: number): Scale {
  const at = (index: number): Hex =>
    fromOklch({ lightness: steps[index] ?? 0, chroma: chroma * (fullness[index] ?? 1), hue });
  return [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9)];
}

export const scales = {
  /** Neutrals with a trace of warmth. */
  ink: scale(75, 0.014),
  /** The accent. */
  petrol: scale(205, 0.098),
  /** Paid, settled. */
  moss: scale(148, 0.12),
  /** Past due, practice mode: attention without alarm. */
  amber: scale(62, 0.125),
  /** Declined, errors, removal. */
  brick: scale(27, 0.155),
};

/** What a colour is for. Text colours hold 4.5:1 on canvas, sheet and sunken; edges of fields 3:1. */
export type Roles = {
  canvas: Hex;
  sheet: Hex;
  sunken: Hex;
  hairline: Hex;
  edge: Hex;
  ink: Hex;
  inkSoft: Hex;
  accent: Hex;
  accentHover: Hex;
  onAccent: Hex;
  accentEdge: Hex;
  accentInk: Hex;
  accentTint: Hex;
  good: Hex;
  goodTint: Hex;
  warn: Hex;
  warnTint: Hex;
  bad: Hex;
  badTint: Hex;
  focus: Hex;
};

const light: Roles = {
  canvas: '#f6f2ea',
  sheet: '#fffdf8',
  sunken: '#f0ebe0',
  hairline: '#e2dacb',
  edge: '#8d8473',
  ink: '#1d1a15',
  inkSoft: '#645c4f',
  accent: '#0d5460',
  accentHover: '#083f49',
  onAccent: '#fffdf8',
  accentEdge: '#0d5460',
  accentInk: '#0d5460',
  accentTint: '#e0edec',
  good: '#2a6139',
  goodTint: '#e1eedf',
  warn: '#86480f',
  warnTint: '#faead0',
  bad: '#9c2a1d',
  badTint: '#fae3dc',
  focus: '#0d5460',
};

const dark: Roles = {
  canvas: '#161411',
  sheet: '#201d19',
  sunken: '#2a2621',
  hairline: '#39342d',
  edge: '#8b8273',
  ink: '#f2ede3',
  inkSoft: '#b3a999',
  accent: '#7cc4cd',
  accentHover: '#98d5dc',
  onAccent: '#0a2429',
  accentEdge: '#7cc4cd',
  accentInk: '#8ccfd7',
  accentTint: '#17343a',
  good: '#93cd9c',
  goodTint: '#1c3322',
  warn: '#eab36b',
  warnTint: '#3d2b14',
  bad: '#f2a092',
  badTint: '#44211b',
  focus: '#98d5dc',
};

export const roles: { light: Roles; dark: Roles } = { light, dark };

export const typeface = {
  sans: '"Owed Sans", "Owed Sans Fallback", system-ui, "Segoe UI", Roboto, Arial, sans-serif',
  serif: '"Owed Serif", "Iowan Old Style", Charter, Georgia, "Times New Roman", serif',
  mono: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  /** The families that the document compiler has on board. */
  document: 'Inter',
};

/** Sizes in rem, a scale of about 1.2; `hero` is for the one amount of a page. */
export const textSizes = {
  tiny: 0.8125,
  small: 0.875,
  body: 1,
  large: 1.1875,
  title: 1.5,
  display: 2,
  hero: 2.75,
};
export const weights = { regular: 400, medium: 500, strong: 600 };
/** Pixels; everything sits on a grid of four. */
export const spaces = { 1: 4, 2: 8, 3: 12, 4: 16, 5: 24, 6: 32, 7: 48, 8: 64, 9: 96 };
export const radii = { small: 4, control: 8, sheet: 14, pill: 999 };
export const shadows = {
  light: {
    low: '0 1px 2px rgb(60 48 28 / 7%)',
    high: '0 2px 4px rgb(60 48 28 / 5%), 0 16px 40px -12px rgb(60 48 28 / 18%)',
  },
  dark: {
    low: '0 1px 2px rgb(0 0 0 / 40%)',
    high: '0 2px 4px rgb(0 0 0 / 30%), 0 16px 40px -12px rgb(0 0 0 / 60%)',
  },
};
export const focusRing = { width: 2, offset: 2 };
/** The smallest side of anything that a finger is meant to hit. */
export const target = 44;
