// What the gate asks the report about itself, as a person would see it.
window.probe = {
  visible: (selector) => [...document.querySelectorAll(selector)].filter((it) => it.checkVisibility()),
  made: () => probe.visible('#findings .list > .card').length,
  // Those that are made, and those that wait for somebody to scroll to them.
  rows: () => probe.visible('#findings .sentinel').reduce((sum, it) => sum + Number(/\((\d+) left\)/.exec(it.textContent)[1]),
    probe.made()),
  count: (part) => document.querySelector(`#${part} .count`).textContent,
  part: () => [...document.querySelectorAll('main > section')].filter((it) => it.checkVisibility()).map((it) => it.id).join(),
  // A change of the address, and of what is shown because of it.
  go: (hash) => new Promise((done) => {
    if (location.hash === hash) return done();
    addEventListener('hashchange', () => setTimeout(done), { once: true });
    location.hash = hash;
  }),
  stored: () => [...document.querySelectorAll('noscript')].map((it) => it.dataset.i),
  // Links that lead to nothing in this file.
  lost: () => {
    const known = new Set(probe.stored());
    const parsed = new DOMParser().parseFromString(document.documentElement.outerHTML, 'text/html');
    const within = [...document.querySelectorAll('noscript')].map((it) => it.textContent).join('');
    const links = [...parsed.querySelectorAll('a'),
      ...new DOMParser().parseFromString(within, 'text/html').querySelectorAll('a')];
    return links.map((it) => it.getAttribute('href')).filter((href) => {
      if (!href?.startsWith('#')) return href !== null && !href.startsWith('https://');
      const path = href.slice(1).split('?', 1)[0];
      return !known.has(path) && !document.getElementById(path);
    });
  },
  // Texts with less contrast than WCAG 2.2 asks for at level AA (success criterion 1.4.3).
  faint: () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d',
      { willReadFrequently: true });
    const paint = (colors) => {
      canvas.fillStyle = '#fff';
      canvas.fillRect(0, 0, 1, 1);
      for (const color of colors) {
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
      }
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = (rgb) => rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = (element) => {
      const colors = [];
      for (let it = element; it; it = it.parentElement) colors.unshift(getComputedStyle(it).backgroundColor);
      return colors;
    };
    const modal = document.querySelector('dialog[open]');
    const texts = probe.visible(modal ? 'dialog *' : 'body *:not(dialog *)').filter((it) =>
      [...it.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) && it.tagName !== 'NOSCRIPT');
    const found = texts.flatMap((it) => {
      const back = behind(it);
      const [a, b] = [light(paint(back)), light(paint([...back, getComputedStyle(it).color]))].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      return ratio < 4.5 ? [`${ratio.toFixed(2)} ${it.tagName}.${it.className}: ${it.textContent.slice(0, 40)}`] : [];
    });
    return [texts.length, [...new Set(found)]];
  },
};
true;
