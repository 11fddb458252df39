// The part of WCAG 2.2 that a program can judge, looked at in the page itself, through open shadow roots.

/**
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>} what is wrong, one line each
 */
export function auditPage(page) {
  return page.evaluate(() => {
    const wrong = [];
    const all = [...walk(document.documentElement)].filter(shown);
    const describe = e => `<${e.localName}${e.dataset?.testid ? ` ${e.dataset.testid}` : ''}${e.id ? ` #${e.id}` : ''}>`;

    function* walk(element) {
      yield element;
      for (const child of element.children) yield* walk(child);
      for (const child of element.shadowRoot?.children ?? []) yield* walk(child);
    }
    function shown(element) {
      return element.checkVisibility?.({ visibilityProperty: true, opacityProperty: false }) && !hiddenFromAll(element);
    }
    function hiddenFromAll(element) {
      for (let e = element; e; e = e.parentElement ?? e.getRootNode().host) {
        if (e.getAttribute('aria-hidden') === 'true' || e.inert) return true;
      }
      return false;
    }
    function byIds(element, ids) {
      return ids.split(/\s+/).map(id => element.getRootNode().getElementById(id)?.textContent ?? '').join(' ');
    }
    function nameOf(element) {
      const host = element.getRootNode().host;
      const labels = [...(element.labels ?? []), ...(element.elementInternals?.labels ?? [])].map(l => l.textContent);
      const own = element.id ? [...element.getRootNode().querySelectorAll(`label[for="${CSS.escape(element.id)}"]`)] : [];
      const parts = [
        element.getAttribute('aria-label'),
        element.getAttribute('aria-labelledby') && byIds(element, element.getAttribute('aria-labelledby')),
        ...labels, ...own.map(l => l.textContent), element.closest('label')?.textContent,
        element.getAttribute('title'), element.getAttribute('alt'), element.getAttribute('placeholder'), element.textContent,
        host?.getAttribute('aria-label'), host && host.id && host.getRootNode().querySelector(`label[for="${CSS.escape(host.id)}"]`)?.textContent,
        host?.closest('fluent-field')?.querySelector('label')?.textContent, element.closest('fluent-field')?.querySelector('label')?.textContent,
        host?.textContent,
      ];
      return parts.find(part => part?.trim()) ?? '';
    }

    const controls = 'button, a[href], input:not([type=hidden]), select, textarea, [role=button], [role=menuitem], [role=radio], [role=checkbox], [role=tab], fluent-button, fluent-radio, fluent-text-input, fluent-textarea, fluent-menu-item, fluent-switch';
    for (const element of all.filter(e => e.matches(controls))) {
      if (!nameOf(element).trim()) wrong.push(`${describe(element)} has no name`);
    }
    for (const image of all.filter(e => e.matches('img, svg, [role=img]'))) {
      if (image.matches('img') && !image.hasAttribute('alt')) wrong.push(`${describe(image)} has no alt`);
    }
    const ids = new Map();
    for (const element of all.filter(e => e.id)) {
      const key = element.getRootNode();
      const seen = ids.get(key) ?? new Set();
      if (seen.has(element.id)) wrong.push(`${describe(element)} shares its id`);
      ids.set(key, seen.add(element.id));
    }
    const count = (selector, least, most, what) => {
      const n = all.filter(e => e.matches(selector)).length;
      if (n < least || n > most) wrong.push(`${n} × ${what}`);
    };
    count('main, [role=main]', 1, 1, 'main landmark');
    count('h1', 1, 1, 'first heading');
    if (!document.documentElement.lang) wrong.push('<html> has no lang');
    if (!document.title.trim()) wrong.push('the page has no title');
    for (const element of all.filter(e => Number(e.getAttribute('tabindex')) > 0)) wrong.push(`${describe(element)} bends the tab order`);
    for (const element of all.filter(e => e.hasAttribute('aria-labelledby') || e.hasAttribute('aria-describedby'))) {
      for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-controls']) {
        for (const id of (element.getAttribute(attribute) ?? '').split(/\s+/).filter(Boolean)) {
          if (!element.getRootNode().getElementById(id)) wrong.push(`${describe(element)} names #${id} in ${attribute}, which is not there`);
        }
      }
    }
    if (document.scrollingElement.scrollWidth > innerWidth + 1) wrong.push('the page scrolls sideways');
    return wrong;
  });
}
