// A list makes elements for what is near the window only; the rest waits behind a button that presses itself.
const STEP = 60;

class List {
  constructor(name) {
    this.host = one(`[data-list="${name}"]`);
    this.button = document.createElement('button');
    this.button.type = 'button';
    this.button.className = 'sentinel';
    this.button.addEventListener('click', () => this.more());
    this.near = new IntersectionObserver((seen) => seen.some((it) => it.isIntersecting) && this.more(), {
      rootMargin: '800px',
    });
    this.opened = false;
  }

  show(entries) {
    this.near.disconnect();
    this.entries = entries;
    this.shown = 0;
    this.host.replaceChildren();
    this.more();
  }

  more(step = STEP) {
    const next = this.entries.slice(this.shown, this.shown + step);
    const made = document.createDocumentFragment();
    for (const entry of next) {
      const card = element(entry);
      card.open = this.opened;
      made.append(card);
    }
    this.button.remove();
    this.host.append(made);
    this.shown += next.length;
    const left = this.entries.length - this.shown;
    this.near.disconnect();
    if (left > 0) {
      this.button.textContent = `Show more (${left} left)`;
      this.host.append(this.button);
      this.near.observe(this.button);
    }
  }

  // For paper, which has no window.
  everything() {
    this.more(Infinity);
  }

  open(opened) {
    this.opened = opened;
    for (const card of all('.card', this.host)) card.open = opened;
  }
}

const lists = {};
for (const { dataset } of all('[data-list]')) lists[dataset.list] = new List(dataset.list);
