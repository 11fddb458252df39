/** The quality of a call as a word, with the figures behind it. */

import type { Quality } from 'jackfield';
import { t } from '../i18n/index.js';
import { h, setAttribute, setText } from '../ui/dom.js';
import { svgElement } from '../ui/icons.js';

export interface QualityView {
  readonly element: HTMLElement;
  show(quality: Quality | undefined): void;
}

/** Makes the indicator. */
export function qualityView(): QualityView {
  const bars = [0, 1, 2].map((step) => svgElement('rect', { x: 2 + step * 5, y: 10 - step * 4, width: 3.5, height: 5 + step * 4, rx: 1 }));
  const drawing = svgElement('svg', { viewBox: '0 0 18 16', width: 18, height: 16, 'aria-hidden': 'true', class: 'signal' });
  drawing.append(...bars);
  const word = h('span', {});
  const element = h('span', { testid: 'call-quality', class: 'quality' }, drawing, word);
  return {
    element,
    show(quality) {
      const grade = quality && gradeOf(quality.mos);
      setAttribute(element, 'data-grade', grade ?? 'measuring');
      setAttribute(element, 'data-mos', quality?.mos.toFixed(2));
      setAttribute(element, 'title', quality && details(quality));
      setText(word, t(`quality.${grade ?? 'measuring'}`));
    },
  };
}

/** ITU-T G.107 Annex B: from 4.0 on users are satisfied, below 3.6 many are not. */
export function gradeOf(mos: number): 'good' | 'fair' | 'poor' {
  return mos >= 4 ? 'good' : mos >= 3.6 ? 'fair' : 'poor';
}

function details({ mos, rttMs, jitterMs, loss }: Quality): string {
  return t('quality.details', { mos: mos.toFixed(1), rtt: Math.round(rttMs), jitter: Math.round(jitterMs), loss: (loss * 100).toFixed(1) });
}
