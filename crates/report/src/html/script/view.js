// What is in the window follows from the address, and from nothing else.
const PARTS = all('main > section').map((section) => section.id);
const drawer = one('#drawer');
const spell = (n, noun) => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
let printed = [];

function count(section, text) {
  one('.count', section).textContent = text;
}

function showFindings(filter) {
  const section = one('#findings');
  const entries = chosen(filter);
  showFilter(one('.filters', section), filter);
  one('.more', section).open ||= innerWidth > 740 || Object.keys(filter).some((name) => name !== 'q');
  one('.reset', section).hidden = Object.keys(filter).length === 0;
  const unread = findings.length === 0;
  count(section, unread ? '' : entries.length ? spell(entries.length, 'finding') : 'No finding matches these filters.');
  lists.findings.show(entries);
}

function showSearched(name, noun, filter, whole) {
  const section = one(`#${name}`);
  const entries = stores[name].filter((entry) => matches(entry, whole, filter.q));
  showFilter(one('.filters', section), filter);
  count(section, entries.length || !stores[name].length ? spell(entries.length, noun) : `No ${noun} matches.`);
  lists[name].show(entries);
}

// One finding, function or group, open, with the way back.
function showOne(entry) {
  const section = one('#one');
  const [kind] = entry.id.split('/', 1);
  const back = { finding: 'findings', function: 'functions', shared: 'shared' }[kind];
  const link = one('.back a', section);
  link.href = `#${back}`;
  link.textContent = { findings: 'All findings', functions: 'All functions', shared: 'All that is shared' }[back];
  lists.one.opened = true;
  lists.one.show([entry]);
  const beside = one('.beside', section);
  beside.hidden = kind !== 'function';
  if (kind === 'function') {
    const row = Number(entry.holder.dataset.r);
    const entries = findings.filter((finding) => finding.functions.includes(row));
    for (const links of all('.links', section)) links.remove();
    one('h2', beside).textContent = entries.length ? spell(entries.length, 'finding') : 'Nothing was found here';
    lists.beside.show(entries);
  }
  return back;
}

// The page of a check lies over what is shown, so that one need not find the place again.
function showPage(id) {
  const entry = id && byId.get(`check/${id}`);
  if (!entry) {
    if (drawer.open) drawer.close();
    return;
  }
  const card = element(entry);
  one('#drawer-title').textContent = checks[entry.row].title;
  const body = one('.drawer-body');
  const name = document.createElement('p');
  const code = document.createElement('code');
  code.textContent = id;
  name.append(one('.sev', card), ' ', code);
  body.replaceChildren(name, ...one('.body', card).childNodes);
  if (!drawer.open) drawer.showModal();
  drawer.scrollTop = 0;
}

let last = null;

function route() {
  const { path, filter, page } = state();
  const entry = byId.get(path);
  const inner = entry || PARTS.includes(path) ? null : document.getElementById(path);
  let part = PARTS.includes(path) ? path : (inner?.closest('main > section')?.id ?? 'overview');
  let over = page;
  if (path.startsWith('check/')) {
    over = path.slice(6);
    part = last?.part ?? 'checks';
    if (!last) showSearched('checks', 'check', {}, true);
  } else if (entry) {
    showOne(entry);
    part = 'one';
  } else if (address(path, filter) !== last?.key) {
    if (part === 'findings') showFindings(filter);
    if (part === 'functions') showSearched('functions', 'function', filter, true);
    if (part === 'checks') showSearched('checks', 'check', filter, true);
    if (part === 'shared') for (const kind of ['role', 'layer', 'security-group']) lists[kind].show(stores[kind]);
  }
  const moved = address(path, filter) !== last?.key;
  for (const section of all('main > section')) section.classList.toggle('on', section.id === part);
  const current = entry ? `#${{ finding: 'findings', function: 'functions', shared: 'shared' }[path.split('/', 1)]}` : `#${part}`;
  for (const link of all('nav a')) {
    if (link.getAttribute('href') === current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (moved && !inner && !path.startsWith('check/') && (last?.part !== part || entry)) scrollTo(0, 0);
  if (moved && inner) inner.scrollIntoView();
  if (!path.startsWith('check/')) last = { part, key: address(path, filter), path, filter };
  else last ??= { part, key: '#checks', path: 'checks', filter: {} };
  showPage(over);
}

function go(target, replace) {
  if (target === location.hash) return;
  if (replace) {
    history.replaceState(null, '', target);
    route();
  } else {
    location.hash = target;
  }
}

addEventListener('hashchange', route);

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a.page, .prose a[href^="#check/"], .drawer-body a[href^="#check/"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { path, filter } = last;
  go(address(path, filter, link.getAttribute('href').slice('#check/'.length)));
});

drawer.addEventListener('close', () => {
  const { path, filter } = last;
  if (location.hash !== address(path, filter)) go(address(path, filter));
});
one('.close', drawer).addEventListener('click', () => drawer.close());
drawer.addEventListener('click', (event) => event.target === drawer && drawer.close());

for (const form of all('.filters')) {
  const part = form.closest('section').id;
  let waiting;
  const apply = () => go(address(part, readFilter(form)), true);
  form.addEventListener('change', apply);
  form.addEventListener('input', (event) => {
    clearTimeout(waiting);
    if (event.target.type === 'search') waiting = setTimeout(apply, 120);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    apply();
  });
}
one('#findings .reset').addEventListener('click', () => go('#findings'));
one('#findings .open-all').addEventListener('click', (event) => {
  lists.findings.open(!lists.findings.opened);
  event.target.textContent = lists.findings.opened ? 'Close all' : 'Open all';
});

addEventListener('keydown', (event) => {
  const typing = event.target.closest?.('input, select, textarea') || drawer.open;
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const field = one('main > section.on input[name=q]') ?? (go('#findings'), one('#findings input[name=q]'));
    event.preventDefault();
    setTimeout(() => field.focus());
  }
});

addEventListener('beforeprint', () => {
  for (const list of Object.values(lists)) {
    if (list.entries && list.host.closest('section.on')) list.everything();
  }
  printed = all('main > section.on .card:not([open])');
  for (const card of printed) card.open = true;
});
addEventListener('afterprint', () => {
  for (const card of printed) card.open = false;
});

// Light, dark, or as the system has it; a browser that keeps nothing for a file forgets it.
const themes = ['', 'light', 'dark'];
const kept = { get: () => { try { return localStorage.getItem('maremma-theme') ?? ''; } catch { return ''; } },
  set: (theme) => { try { localStorage.setItem('maremma-theme', theme); } catch { /* not kept */ } } };
function showTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  one('#theme').textContent = `Theme: ${theme || 'system'}`;
}
one('#theme').addEventListener('click', () => {
  const theme = themes[(themes.indexOf(document.documentElement.dataset.theme ?? '') + 1) % themes.length];
  kept.set(theme);
  showTheme(theme);
});
showTheme(themes.includes(kept.get()) ? kept.get() : '');

narrow(document);
document.documentElement.classList.add('js');
route();
