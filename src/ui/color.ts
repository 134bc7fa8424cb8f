/** Colours as `#rrggbb` outside and OKLCH inside, where equal steps of lightness look equal. */
export type Hex = `#${string}`;
export type Oklch = { lightness: number; chroma: number; hue: number };
type Triple = [number, number, number];

export const isHex = (text: string): text is Hex => /^#[0-9a-f]{6}$/i.test(text);

function channels(hex: Hex): Triple {
  if (!isHex(hex)) throw new Error(`not a colour like #1a2b3c: ${hex}`);
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255].map((each) => linear(each / 255)) as Triple;
}

const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const gamma = (c: number): number => (c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055);

/** WCAG 2 relative luminance. */
export function luminance(hex: Hex): number {
  const [red, green, blue] = channels(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2 contrast ratio, 1 to 21. */
export function contrast(one: Hex, other: Hex): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

// Matrices: Björn Ottosson, "A perceptual color space for image processing", 2020.
export function toOklch(hex: Hex): Oklch {
  const [r, g, b] = channels(hex);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const A = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const B = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return {
    lightness: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    chroma: Math.hypot(A, B),
    hue: (Math.atan2(B, A) * 180) / Math.PI,
  };
}

function toLinear({ lightness, chroma, hue }: Oklch): Triple {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

const inGamut = (rgb: Triple): boolean => rgb.every((c) => c >= -0.0005 && c <= 1.0005);

/** The nearest colour that a screen can show: lightness and hue are kept, chroma gives way. */
export function fromOklch(color: Oklch): Hex {
  const lightness = Math.min(1, Math.max(0, color.lightness));
  let low = 0;
  let high = color.chroma;
  if (!inGamut(toLinear({ ...color, lightness }))) {
    for (let round = 0; round < 18; round += 1) {
      const chroma = (low + high) / 2;
      if (inGamut(toLinear({ lightness, chroma, hue: color.hue }))) low = chroma;
      else high = chroma;
    }
  } else low = color.chroma;
  const rgb = toLinear({ lightness, chroma: low, hue: color.hue });
  const bytes = rgb.map((c) => Math.round(gamma(Math.min(1, Math.max(0, c))) * 255));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * The colour moved in lightness only, no further than needed, until `enough` holds; it looks in both
 * directions and answers the nearest. Black or white when nothing holds.
 */
export function shiftLightness(hex: Hex, enough: (candidate: Hex) => boolean): Hex {
  if (enough(hex)) return hex;
  const color = toOklch(hex);
  for (let step = 1; step <= 100; step += 1) {
    for (const lightness of [color.lightness - step / 100, color.lightness + step / 100]) {
      if (lightness < 0 || lightness > 1) continue;
      const candidate = fromOklch({ ...color, lightness });
      if (enough(candidate)) return candidate;
    }
  }
  return enough('#000000') ? '#000000' : '#ffffff';
}

/** One colour over another, `share` of it from 0 to 1. */
export function mix(over: Hex, under: Hex, share: number): Hex {
  const [a, b] = [toOklch(over), toOklch(under)];
  const x = (color: Oklch): number => color.chroma * Math.cos((color.hue * Math.PI) / 180);
  const y = (color: Oklch): number => color.chroma * Math.sin((color.hue * Math.PI) / 180);
  const blend = (one: number, other: number): number => one * share + other * (1 - share);
  const [A, B] = [blend(x(a), x(b)), blend(y(a), y(b))];
  return fromOklch({
    lightness: blend(a.lightness, b.lightness),
    chroma: Math.hypot(A, B),
    hue: (Math.atan2(B, A) * 180) / Math.PI,
  });
}
