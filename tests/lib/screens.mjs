// Pictures of pages: at three widths, in each theme and language. They go to target/screens.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { auditPage } from './audit.mjs';
import { until } from './pages.mjs';

const SCREENS = fileURLToPath(new URL('../../target/screens', import.meta.url));
const WIDTHS = [[1440, 900], [820, 1180], [390, 844]];
/** Themes and languages. */
export const LOOKS = [
  ['light', 'en'], ['dark', 'en'], ['contrast', 'en'], ['light', 'ko'], ['dark', 'ko'], ['contrast', 'ko'],
];

/** Each theme once, and both languages: for views that take long to come about. */
export const FEW_LOOKS = LOOKS.filter((_, n) => n % 2 === 0);

/** What a test in one look needs: the options of its pages, what keeps a page for the test, and what takes its pictures and looks for what a program can find. */
export function pictured(t, stage, theme, language) {
  mkdirSync(SCREENS, { recursive: true });
  return {
    // Chosen in an earlier visit: a page that was loaded and then told would have to be loaded again.
    options: { locale: language === 'ko' ? 'ko-KR' : 'en-GB', kept: { 'jackfield.theme': theme, 'jackfield.language': language } },
    dress: page => stage.keep(t, page),
    shoot: (page, name) => pictures(page, `${name}-${theme}-${language}`),
  };
}

async function pictures(page, name) {
  for (const [width, height] of WIDTHS) {
    await page.page.setViewportSize({ width, height });
    await until('fonts', () => page.page.evaluate(() => document.fonts.status === 'loaded'));
    await page.page.screenshot({ path: join(SCREENS, `${name}-${width}.png`), animations: 'disabled' });
    assert.deepEqual(await auditPage(page.page), [], `${name} at ${width} px`);
  }
  await page.page.setViewportSize({ width: 1440, height: 900 });
}
