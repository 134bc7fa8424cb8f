import type { CSSVariablesResolver, MantineThemeOverride, VariantColorsResolver } from '@mantine/core';
import { createTheme, defaultVariantColorsResolver } from '@mantine/core';
import type { Roles } from '#ui/tokens.ts';
import { radii, roles, scales, shadows, typeface } from '#ui/tokens.ts';

/** Roles by what a component means with its colour: `color="brick"` is removal, `petrol` the one accent. */
const meanings = {
  petrol: { ink: 'accent-ink', tint: 'accent-tint', fill: 'accent', hover: 'accent-hover', on: 'on-accent' },
  moss: { ink: 'good', tint: 'good-tint', fill: 'good', hover: 'good', on: 'sheet' },
  amber: { ink: 'warn', tint: 'warn-tint', fill: 'warn', hover: 'warn', on: 'sheet' },
  brick: { ink: 'bad', tint: 'bad-tint', fill: 'bad', hover: 'bad', on: 'sheet' },
  ink: { ink: 'ink', tint: 'sunken', fill: 'ink', hover: 'ink-soft', on: 'sheet' },
} as const;

const role = (name: string): string => `var(--${name})`;

const variantColorResolver: VariantColorsResolver = (input) => {
  const meaning = meanings[(input.color ?? 'petrol') as keyof typeof meanings];
  if (!meaning) return defaultVariantColorsResolver(input);
  const none = 'transparent';
  switch (input.variant) {
    case 'filled':
      return {
        background: role(meaning.fill),
        hover: role(meaning.hover),
        color: role(meaning.on),
        border: '1px solid transparent',
      };
    case 'light':
      return {
        background: role(meaning.tint),
        hover: role(meaning.tint),
        color: role(meaning.ink),
        border: '1px solid transparent',
      };
    case 'outline':
      return {
        background: none,
        hover: role(meaning.tint),
        color: role(meaning.ink),
        border: `1px solid ${role(meaning.ink)}`,
      };
    case 'subtle':
      return {
        background: none,
        hover: role('sunken'),
        color: role(meaning.ink),
        border: '1px solid transparent',
      };
    case 'transparent':
      return { background: none, hover: none, color: role(meaning.ink), border: '1px solid transparent' };
    default:
      return defaultVariantColorsResolver(input);
  }
};

export const theme: MantineThemeOverride = createTheme({
  primaryColor: 'petrol',
  colors: { ...scales, gray: scales.ink, dark: scales.ink, red: scales.brick, green: scales.moss },
  fontFamily: typeface.sans,
  fontFamilyMonospace: typeface.mono,
  headings: { fontFamily: typeface.sans, fontWeight: '600' },
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '0.9375rem', lg: '1.1875rem', xl: '1.5rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.4', xl: '1.3' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: {
    xs: `${radii.small}px`,
    sm: '6px',
    md: `${radii.control}px`,
    lg: `${radii.sheet}px`,
    xl: `${radii.pill}px`,
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  variantColorResolver,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ColorPicker: { defaultProps: { saturationLabel: 'Strength and lightness', hueLabel: 'Hue' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'ink' } },
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    TextInput: { defaultProps: { size: 'sm' } },
    // The list itself scrolls: a scrolling part inside it would have to be reachable by itself.
    Select: {
      defaultProps: {
        size: 'sm',
        allowDeselect: false,
        comboboxProps: { shadow: 'md' },
        withScrollArea: false,
      },
    },
    Textarea: { defaultProps: { size: 'sm', autosize: true, minRows: 3 } },
    Switch: { defaultProps: { size: 'sm' } },
    // Its own placeholder for the focus is a child that a menu may not have.
    Menu: { defaultProps: { shadow: 'md', radius: 'md', withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false } },
    Modal: { defaultProps: { centered: true, radius: 'lg', overlayProps: { backgroundOpacity: 0.35 } } },
    Drawer: { defaultProps: { position: 'right', size: 'lg', overlayProps: { backgroundOpacity: 0.35 } } },
  },
});

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function scheme(part: Roles, shadow: { low: string; high: string }): Record<string, string> {
  const own = Object.fromEntries(Object.entries(part).map(([name, value]) => [`--${kebab(name)}`, value]));
  return {
    ...own,
    '--shadow-low': shadow.low,
    '--shadow-high': shadow.high,
    '--mantine-color-body': part.sheet,
    '--mantine-color-text': part.ink,
    '--mantine-color-bright': part.ink,
    '--mantine-color-dimmed': part.inkSoft,
    '--mantine-color-placeholder': part.inkSoft,
    '--mantine-color-anchor': part.accentInk,
    '--mantine-color-error': part.bad,
    '--mantine-color-default': part.sheet,
    '--mantine-color-default-hover': part.sunken,
    '--mantine-color-default-color': part.ink,
    '--mantine-color-default-border': part.hairline,
    '--mantine-color-disabled': part.sunken,
    '--mantine-color-disabled-color': part.inkSoft,
    '--mantine-color-disabled-border': part.hairline,
    '--mantine-primary-color-filled': part.accent,
    '--mantine-primary-color-filled-hover': part.accentHover,
    '--mantine-primary-color-light': part.accentTint,
    '--mantine-primary-color-light-hover': part.accentTint,
    '--mantine-primary-color-light-color': part.accentInk,
    '--mantine-primary-color-contrast': part.onAccent,
    '--mantine-color-petrol-filled': part.accent,
    '--mantine-color-petrol-text': part.accentInk,
    '--mantine-color-petrol-outline': part.focus,
    '--mantine-shadow-xs': shadow.low,
    '--mantine-shadow-sm': shadow.low,
    '--mantine-shadow-md': shadow.high,
    '--mantine-shadow-lg': shadow.high,
    '--mantine-shadow-xl': shadow.high,
  };
}

/** Mantine's variables, told in our roles, so that its parts and our own CSS never disagree. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: { '--serif': typeface.serif, '--sans': typeface.sans, '--mono': typeface.mono },
  light: scheme(roles.light, shadows.light),
  dark: scheme(roles.dark, shadows.dark),
});
