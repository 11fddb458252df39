/** The icons: drawn here, on a grid of 20, in strokes, so that they take the text's colour in every theme. */

const paths = {
  accept: ['M6.2 3.2 4 4.3c-.7.4-1 1.2-.8 2 1 4.700 4.800 8.500 9.500 9.500.8.2 1.600-.1 2-.8l1.100-2.200-3.600-2.300-1.500 1.500c-1.800-.8-3.200-2.200-4-4l1.500-1.500z'],
  callback: ['M6.200 5.200 4.500 6c-.6.4-.9 1-.7 1.700 1 4 4.200 7 8.200 8 .7.1 1.400-.1 1.700-.7l.9-1.900-3.100-2-1.300 1.300c-1.500-.7-2.700-1.900-3.400-3.400l1.300-1.300z', 'M16.500 3 11.500 8', 'M11.500 4v4h4'],
  callOut: ['M6.200 5.200 4.500 6c-.6.4-.9 1-.7 1.700 1 4 4.200 7 8.200 8 .7.1 1.400-.1 1.700-.7l.9-1.900-3.100-2-1.300 1.300c-1.500-.7-2.700-1.900-3.400-3.400l1.300-1.300z', 'M11.500 8l5-5', 'M12.500 3h4v4'],
  hangUp: ['M2.500 11.800c-.5-1.300.2-2.600 1.600-3.300a13 13 0 0 1 11.800 0c1.400.7 2.100 2 1.600 3.300l-.5 1.200-3.700-.6-.4-2.300a9.500 9.500 0 0 0-5.800 0l-.4 2.300-3.700.6z'],
  microphone: ['M10 2.500a2.500 2.500 0 0 0-2.500 2.500v5a2.500 2.500 0 0 0 5 0V5A2.500 2.500 0 0 0 10 2.500z', 'M4.500 9.500a5.500 5.500 0 0 0 11 0', 'M10 15v2.500'],
  microphoneOff: ['M12.500 8V5a2.500 2.500 0 0 0-4.900-.7M7.500 7.500V10a2.500 2.500 0 0 0 4 2', 'M4.500 9.500a5.500 5.500 0 0 0 8.800 4.400M15.300 11a5.500 5.500 0 0 0 .2-1.500', 'M10 15v2.500', 'M3 3l14 14'],
  hold: ['M7 4.500v11', 'M13 4.500v11'],
  resume: ['M6.500 4.200v11.600l9-5.800z'],
  chat: ['M10 3a7 7 0 0 0-6.200 10.200L3 17l3.800-.8A7 7 0 1 0 10 3z'],
  send: ['M3.500 3.500 17 10 3.500 16.500 5.500 10z', 'M5.500 10H11'],
  note: ['M5 3h10a1.500 1.500 0 0 1 1.500 1.500V12L12 16.500H5A1.500 1.500 0 0 1 3.500 15V4.500A1.500 1.500 0 0 1 5 3z', 'M16.500 12H13.500a1.500 1.500 0 0 0-1.500 1.500v3'],
  check: ['M4 10.500l4 4 8-9'],
  doubleCheck: ['M2 10.500l3.500 3.500L12 6.500', 'M9 13l1 1 7.500-7.500'],
  clock: ['M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z', 'M10 6v4.500h3.500'],
  failed: ['M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z', 'M10 6.500v4.500', 'M10 13.400v.1'],
  warning: ['M10 3.200 17.500 16.500h-15z', 'M10 8v4', 'M10 14.200v.1'],
  info: ['M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z', 'M10 9v4.500', 'M10 6.500v.1'],
  bell: ['M10 3a4.500 4.500 0 0 0-4.500 4.500v3L4 13.500h12l-1.500-3v-3A4.500 4.500 0 0 0 10 3z', 'M8 16a2 2 0 0 0 4 0'],
  bellOff: ['M7 4.200a4.500 4.500 0 0 1 7.500 3.300v3l.8 1.600M13.500 13.500H4l1.500-3v-3c0-.4 0-.8.200-1.200', 'M8 16a2 2 0 0 0 4 0', 'M3 3l14 14'],
  globe: ['M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z', 'M3 10h14', 'M10 3c2.500 2 2.500 12 0 14-2.500-2-2.500-12 0-14z'],
  theme: ['M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z', 'M10 3v14', 'M10.500 6.500h4M10.500 10h6M10.500 13.500h4'],
  person: ['M10 3a3.300 3.300 0 1 0 0 6.600A3.300 3.300 0 0 0 10 3z', 'M3.800 16.800c.5-3 3-4.500 6.200-4.500s5.700 1.500 6.200 4.500'],
  people: ['M7.500 4a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600z', 'M2.500 16c.4-2.600 2.300-4 5-4s4.600 1.400 5 4', 'M13 4.500a2.500 2.500 0 0 1 0 4.800M14.500 12.300c1.700.5 2.800 1.800 3 3.700'],
  headset: ['M4 12V10a6 6 0 0 1 12 0v2', 'M4 11h2v4.500H5A1.500 1.500 0 0 1 3.500 14v-2z', 'M16 11h-2v4.500h1a1.500 1.500 0 0 0 1.500-1.500v-2z', 'M15 15.500c0 1.200-1.500 2-4 2'],
  queue: ['M4 5h12', 'M4 10h12', 'M4 15h7'],
  back: ['M12.500 4 6.500 10l6 6'],
  details: ['M4 4h12v12H4z', 'M12 4v12'],
  close: ['M5 5l10 10', 'M15 5 5 15'],
  chevronDown: ['M5.500 8 10 12.500 14.500 8'],
  signOut: ['M11.500 4H5.500A1.500 1.500 0 0 0 4 5.500v9A1.500 1.500 0 0 0 5.500 16h6', 'M9 10h8', 'M14 7l3 3-3 3'],
  add: ['M10 4v12', 'M4 10h12'],
  edit: ['M13.200 3.800a1.700 1.700 0 0 1 2.400 0l.6.6a1.700 1.700 0 0 1 0 2.400L7.500 15.500 3.500 16.500l1-4z', 'M11.800 5.200l3 3'],
  open: ['M8.500 4.500h-3A1.500 1.500 0 0 0 4 6v8.500A1.500 1.500 0 0 0 5.500 16H14a1.500 1.500 0 0 0 1.500-1.500v-3', 'M11.500 4H16v4.500', 'M16 4l-6.500 6.500'],
  arrowDown: ['M10 4v12', 'M5 11l5 5 5-5'],
} as const;

export type IconName = keyof typeof paths;

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an icon. It is decoration: what it means must also stand in words. */
export function icon(name: IconName, slot?: 'start' | 'end'): SVGSVGElement {
  const svg = svgElement('svg', { viewBox: '0 0 20 20', width: 20, height: 20, class: 'icon', 'aria-hidden': 'true', focusable: 'false' });
  svg.dataset['icon'] = name;
  if (slot) svg.setAttribute('slot', slot);
  svg.append(...paths[name].map((d) => svgElement('path', { d })));
  return svg;
}

/** Turns an icon into another. */
export function setIcon(svg: SVGSVGElement, name: IconName): void {
  if (svg.dataset['icon'] === name) return;
  svg.dataset['icon'] = name;
  svg.replaceChildren(...paths[name].map((d) => svgElement('path', { d })));
}

/** Makes an SVG element. */
export function svgElement<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, string | number>): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
  return element;
}
