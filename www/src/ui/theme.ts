/** Light, dark and high contrast, as Microsoft Teams has them. */

import { setTheme } from '@fluentui/web-components/theme/set-theme.js';
import { teamsDarkTheme, teamsHighContrastTheme, teamsLightTheme } from '@fluentui/tokens';
import { keep, recall } from './store.js';

export const themes = ['light', 'dark', 'contrast'] as const;
export type ThemeName = (typeof themes)[number];

const KEPT = 'jackfield.theme';
// Korean has no glyphs in the Latin fonts that the themes name; without these the browser may take a Chinese font for it.
const fonts = '"Segoe UI Variable Text", "Segoe UI", -apple-system, BlinkMacSystemFont, "Malgun Gothic", "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", system-ui, sans-serif, "Segoe UI Emoji", "Apple Color Emoji", "Noto Color Emoji"';
const tokens = {
  light: { ...teamsLightTheme, fontFamilyBase: fonts },
  dark: { ...teamsDarkTheme, fontFamilyBase: fonts },
  contrast: { ...teamsHighContrastTheme, fontFamilyBase: fonts },
};
const dark = matchMedia('(prefers-color-scheme: dark)');
const contrast = matchMedia('(prefers-contrast: more), (forced-colors: active)');

/** The theme chosen by hand, if any. */
export function chosenTheme(): ThemeName | undefined {
  const kept = recall('browser', KEPT);
  return themes.find((name) => name === kept);
}

/** Chooses a theme by hand, or goes back to the system's. */
export function chooseTheme(name: ThemeName | undefined): void {
  keep('browser', KEPT, name);
  apply();
}

/** Puts the theme on, and follows the system where none was chosen by hand. */
export function followTheme(): void {
  apply();
  dark.addEventListener('change', apply);
  contrast.addEventListener('change', apply);
}

function apply(): void {
  const name = chosenTheme() ?? (contrast.matches ? 'contrast' : dark.matches ? 'dark' : 'light');
  setTheme(tokens[name]);
  document.documentElement.dataset['theme'] = name;
}
