type Rgb = [number, number, number];

export type BrandColors = {
  /** The brand as text or a rule on white: at least 4.5 : 1. */
  ink: string;
  /** The brand as given, or darkened just enough, for a filled panel. */
  fill: string;
  /** Text on `fill`. */
  onFill: string;
  /** A breath of the brand behind dark text. */
  tint: string;
  /** Rules and bands: the second colour where there is one, else the brand. At least 3 : 1 on white. */
  line: string;
  /** Whether there is a second colour. */
  second: boolean;
};

const paper: Rgb = [255, 255, 255];
const dark: Rgb = [17, 20, 26];
/** WCAG asks 4.5; the rest is for rounding to whole steps of colour. */
const readable = 4.6;
/** The same for what is no text: 3. */
const seen = 3.1;

function parse(hex: string): Rgb | undefined {
  const short = /^#?([\da-f])([\da-f])([\da-f])$/i.exec(hex.trim());
  const long = /^#?([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(hex.trim());
  const parts = short ? short.slice(1).map((digit) => digit + digit) : long?.slice(1);
  return parts?.map((part) => Number.parseInt(part, 16)) as Rgb | undefined;
}

const hexOf = (color: Rgb): string =>
  `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** `share` of b in a. */
const mix = (a: Rgb, b: Rgb, share: number): Rgb =>
  a.map((part, i) => part + ((b[i] ?? 0) - part) * share) as Rgb;

// Relative luminance and contrast as WCAG 2.2 defines them.
function luminance(color: Rgb): number {
  const [r, g, b] = color.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Contrast of two `#rrggbb` colours, 1 to 21. */
export function contrastRatio(a: string, b: string): number {
  return contrast(parse(a) ?? dark, parse(b) ?? paper);
}

/** What may be printed in an organization's colour, whatever that colour is. */
export function brandColors(hex: string, accent?: string): BrandColors {
  const brand = parse(hex) ?? dark;
  let ink = brand;
  while (contrast(ink, paper) < readable) ink = mix(ink, [0, 0, 0], 0.06);
  const second = accent === undefined ? undefined : parse(accent);
  let line = second ?? ink;
  while (contrast(line, paper) < seen) line = mix(line, [0, 0, 0], 0.06);
  // Dark text belongs on light colours only; on the middle ones it can be read but looks like a mistake.
  const light = contrast(brand, dark) >= 7.5;
  return {
    ink: hexOf(ink),
    fill: hexOf(light ? brand : ink),
    onFill: hexOf(light ? dark : paper),
    tint: hexOf(mix(paper, brand, 0.07)),
    line: hexOf(line),
    second: second !== undefined,
  };
}
