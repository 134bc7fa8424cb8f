import type { Roles } from '#ui/tokens.ts';
import {
  focusRing,
  radii,
  roles,
  shadows,
  spaces,
  target,
  textSizes,
  typeface,
  weights,
} from '#ui/tokens.ts';

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const each = (values: Record<string, string | number>, prefix: string, unit = ''): string =>
  Object.entries(values)
    .map(([name, value]) => `--${prefix}${kebab(name)}:${value}${unit};`)
    .join('');

/** `--canvas:#f6f2ea;…` for all or some roles: an organization's brand overrides only its accents. */
export const roleProperties = (some: Partial<Roles>): string => each(some as Record<string, string>, '');

const fixed =
  `--sans:${typeface.sans};--serif:${typeface.serif};--mono:${typeface.mono};` +
  each(textSizes, 'text-', 'rem') +
  each(weights, 'weight-') +
  each(spaces, 'space-', 'px') +
  each(radii, 'radius-', 'px') +
  `--ring:${focusRing.width}px;--ring-offset:${focusRing.offset}px;--target:${target}px;`;

/** By night on a screen, by what the system prefers or by `data-theme` where set: paper is always white. */
const byNight = (properties: string): string =>
  `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${properties}}}` +
  `@media screen{:root[data-theme=dark]{${properties}}}`;

/** Every token as a custom property. */
export function tokensCss(): string {
  const day = roleProperties(roles.light) + each(shadows.light, 'shadow-');
  const night = roleProperties(roles.dark) + each(shadows.dark, 'shadow-');
  return (
    `:root{color-scheme:light dark;${fixed}${day}}${byNight(night)}` +
    `:root[data-theme=dark]{color-scheme:dark}:root[data-theme=light]{color-scheme:light}` +
    `@media print{:root:root{color-scheme:light}}`
  );
}

/** The line at the head of a page, in a second colour. */
export const headLineCss = (line: { light: string; dark: string }): string =>
  `:root{--head-line:${line.light}}${byNight(`--head-line:${line.dark}`)}`;

/** An organization's colours over the tokens; empty when it has none. */
export function brandCss(palette: { light: Partial<Roles>; dark: Partial<Roles> }): string {
  return `:root{${roleProperties(palette.light)}}${byNight(roleProperties(palette.dark))}`;
}
