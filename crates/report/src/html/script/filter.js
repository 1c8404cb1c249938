// The address says what is shown: `#findings?severity=critical,high&check=url-auth-none&q=orders`.
const SEVERAL = ['severity', 'status', 'tier'];
const SINGLE = ['check', 'type', 'control', 'function', 'q'];

function state() {
  const raw = location.hash.slice(1);
  const [path, query] = raw.split('?', 2);
  const given = new URLSearchParams(query ?? '');
  const filter = {};
  for (const name of [...SEVERAL, ...SINGLE]) {
    const value = given.get(name);
    if (value) filter[name] = SEVERAL.includes(name) ? value.split(',') : value;
  }
  return { path: path || 'overview', filter, page: given.get('page') };
}

function address(path, filter, page) {
  const query = [];
  for (const name of [...SEVERAL, ...SINGLE]) {
    const value = filter[name];
    if (value && value.length) {
      const text = Array.isArray(value) ? value.map(encodeURIComponent).join(',') : encodeURIComponent(value);
      query.push(`${name}=${text}`);
    }
  }
  if (page) query.push(`page=${encodeURIComponent(page)}`);
  return `#${path}${query.length ? `?${query.join('&')}` : ''}`;
}

function matches(entry, whole, q) {
  if (!q) return true;
  const text = searched(entry, whole);
  return words(q.toLowerCase()).every((word) => text.includes(word));
}

// What is open is shown unless another verdict is asked for.
function chosen(filter) {
  const wanted = filter.function?.toLowerCase();
  const of = wanted
    ? new Set(functionNames.flatMap((name, row) => (name.toLowerCase().includes(wanted) ? [row] : [])))
    : null;
  const status = filter.status ?? ['fail', 'undetermined'];
  return findings.filter(
    (entry) =>
      status.includes(entry.status) &&
      (!filter.severity || filter.severity.includes(entry.severity)) &&
      (!filter.tier || filter.tier.includes(entry.check.tier)) &&
      (!filter.check || filter.check === entry.check.id) &&
      (!filter.type || filter.type === entry.check.kind) &&
      (!filter.control || entry.check.controls.includes(filter.control)) &&
      (!of || entry.functions.some((row) => of.has(row))) &&
      matches(entry, false, filter.q),
  );
}

function showFilter(form, filter) {
  for (const box of all('input[type=checkbox]', form)) {
    const value = filter[box.name] ?? (box.name === 'status' ? ['fail', 'undetermined'] : []);
    box.checked = value.includes(box.value);
  }
  for (const field of all('select, input[type=search]', form)) {
    if (field !== document.activeElement) field.value = filter[field.name] ?? '';
  }
}

function readFilter(form) {
  const filter = {};
  for (const name of SEVERAL) {
    const boxes = all(`input[name=${name}]`, form);
    const on = boxes.filter((box) => box.checked).map((box) => box.value);
    const usual = name === 'status' && on.every((value) => ['fail', 'undetermined'].includes(value))
      && boxes.every((box) => box.checked === ['fail', 'undetermined'].includes(box.value));
    if (on.length && !usual) filter[name] = on;
  }
  for (const field of all('select, input[type=search]', form)) {
    if (field.value) filter[field.name] = field.value;
  }
  return filter;
}
