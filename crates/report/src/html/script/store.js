// What the file holds, as the browser has it: a noscript element a thing, its markup one text until it is looked at.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector, within = document) => within.querySelector(selector);
const words = (text) => text.split(' ').filter(Boolean);

const stores = {};
const byId = new Map();
for (const store of all('[data-store]')) {
  stores[store.dataset.store] = all('noscript', store).map((holder, row) => {
    const entry = { row, holder, id: holder.dataset.i };
    byId.set(entry.id, entry);
    return entry;
  });
}
const checks = stores.checks.map(({ holder }) => {
  const { c, n, t, k, o } = holder.dataset;
  return { id: c, title: n, tier: t, kind: k, controls: o.split(', ') };
});
const functionNames = [];
for (const { holder } of stores.functions) {
  functionNames[Number(holder.dataset.r)] = holder.dataset.n;
}
const findings = stores.findings;
for (const entry of findings) {
  const { s, v, c, f } = entry.holder.dataset;
  entry.severity = s;
  entry.status = v;
  entry.check = checks[Number(c)];
  entry.functions = words(f).map(Number);
}

// Elements are made of a thing whenever it is shown. Its markup is this file's own, escaped when it was written.
function element(entry) {
  const template = document.createElement('template');
  template.innerHTML = entry.holder.textContent;
  const made = template.content.firstElementChild;
  // The address leads to the view that shows it, and it may be in several lists.
  made.removeAttribute('id');
  narrow(made);
  for (const fix of all('.fix', made)) addCopy(fix);
  return made;
}

// A link that narrows a list; without a script it leads to the list, or to what says the same.
function narrow(within) {
  for (const link of all('a[data-query]', within)) link.href = `#findings?${link.dataset.query}`;
}

function addCopy(fix) {
  const paste = one('.paste', fix);
  if (!paste) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    button.textContent = (await copy(paste)) ? 'Copied' : 'Select and copy';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
  fix.append(button);
}

// Without the clipboard's interface, as in a file that a browser opens from disk, the text is selected first.
async function copy(paste) {
  try {
    await navigator.clipboard.writeText(paste.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(paste);
    return document.execCommand('copy');
  }
}

// What a search looks in: the line of a thing in its list, and for functions all that is known of them.
function searched(entry, whole) {
  if (entry.text === undefined) {
    const markup = entry.holder.textContent;
    const part = whole ? markup : markup.slice(0, markup.indexOf('</summary>'));
    const plain = new DOMParser().parseFromString(part.replace(/<[^>]*>/g, ' '), 'text/html').body.textContent;
    const check = entry.check ? ` ${entry.check.id} ${entry.check.title}` : '';
    const names = entry.functions ? entry.functions.slice(0, 50).map((row) => functionNames[row]).join(' ') : '';
    entry.text = `${plain}${check} ${names}`.toLowerCase();
  }
  return entry.text;
}
