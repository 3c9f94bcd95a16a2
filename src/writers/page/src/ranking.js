// The ranked list: filter, selection by mouse and keys.
import { byId, h, plural } from './dom.js';
import { baseName, named } from './names.js';
import { letters, ranks, score, share } from './numbers.js';
import { placeOf, rankingOf, serviceName } from './report.js';

const kChunk = 200;

// Peers that rank services count nothing of their own.
function counted({ counts }) {
  if (!counts) return '';
  const [ef, ep, nf, np] = counts;
  return `${share(ef, ef + nf)} fail · ${share(ep, ep + np)} pass`;
}

export class RankingList {
  /** `select(row, open)`: `open` when the row was asked for, not only passed. */
  constructor(report, select) {
    this.report = report;
    this.select = select;
    this.shown = [];
    this.rendered = 0;
    this.cluster = -1;
    this.filter = h('input', {
      type: 'search', id: 'filter', placeholder: 'Filter: function, file, service   ( / )',
      'aria-label': 'Filter the ranking', 'aria-controls': 'list', autocomplete: 'off',
      oninput: () => this.update(),
      onkeydown: (event) => {
        if (event.key === 'Escape') { this.filter.value = ''; this.update(); this.list.focus(); }
        if (event.key === 'Enter' || event.key === 'ArrowDown') { event.preventDefault(); this.list.focus(); }
      },
    });
    this.count = h('p', { id: 'count', role: 'status' });
    this.list = h('div', {
      id: 'list', role: 'listbox', tabindex: 0, 'aria-label': 'Code by suspicion',
      onkeydown: (event) => this.pressed(event),
    });
    this.more = h('button', { type: 'button', class: 'more', hidden: true, onclick: () => this.render() });
    this.element = h('section', { id: 'ranking', 'aria-label': 'Ranking', tabindex: -1 },
      h('div', { class: 'filter' }, this.filter, this.count),
      h('div', { class: 'scroll' }, this.list, this.more));
    this.update();
  }

  show(cluster) {
    this.cluster = cluster;
    this.update();
  }

  update() {
    const { rows, elements, undecided } = rankingOf(this.report, this.cluster);
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.shown = words.length === 0 ? rows : rows.filter((row) => {
      const text = `${row.name ?? ''} ${row.title} ${serviceName(this.report, row)} ${placeOf(this.report, row)}`
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
    this.count.textContent = words.length > 0
      ? `${this.shown.length.toLocaleString('en')} of ${plural(rows.length, 'row')}`
      : rows.length < elements
        ? `${rows.length.toLocaleString('en')} of ${elements.toLocaleString('en')} ranked`
        : `${elements.toLocaleString('en')} ranked`;
    this.rendered = 0;
    this.list.replaceChildren();
    this.render();
    if (this.shown.length === 0) {
      const why = undecided || (words.length > 0 ? 'Nothing matches the filter.' : 'Nothing is ranked.');
      this.list.append(h('p', { class: 'empty', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, why));
    }
    this.mark(this.selected, false);
  }

  render() {
    const end = Math.min(this.rendered + kChunk, this.shown.length);
    const rows = this.shown.slice(this.rendered, end).map((row, i) => this.option(row, this.rendered + i));
    this.list.append(...rows);
    this.rendered = end;
    this.more.hidden = end === this.shown.length;
    this.more.textContent = `Show ${Math.min(kChunk, this.shown.length - end)} more`;
  }

  option(row, index) {
    const service = serviceName(this.report, row);
    const place = placeOf(this.report, row);
    return h('div', {
      role: 'option', id: `row-${index}`, class: 'row', 'aria-selected': 'false', title: [row.name ?? row.title, place].filter(Boolean).join('\n'),
      onclick: () => this.choose(index, true),
    },
    h('span', { class: 'rank' }, ranks(row.rank)),
    h('span', { class: `chip h${row.level}` }, score(row)),
    h('span', { class: 'what' },
      h('span', { class: 'title' }, named(row.title),
        row.group ? h('abbr', { class: 'group', title: 'ambiguity group: equal scores, identical columns' }, letters(row.group)) : null),
      h('span', { class: 'sub' },
        h('span', { class: 'where' }, service ? h('b', {}, service) : null, service && place ? ' · ' : null,
          place ? h('bdi', {}, baseName(place)) : null),
        row.relation && row.relation !== 'unrelated to the change' ? h('span', { class: 'relation' }, row.relation) : null,
        h('span', { class: 'counts' },
          row.raised ? `raised ${share(row.raised[0], row.raised[0] + row.raised[2])}` : counted(row)))));
  }

  /** Marks the row with this key, where it is shown. */
  mark(row, scroll = true) {
    this.selected = row;
    this.list.querySelector('[aria-selected="true"]')?.setAttribute('aria-selected', 'false');
    this.list.removeAttribute('aria-activedescendant');
    const index = row ? this.shown.findIndex((other) => other.key === row.key) : -1;
    this.index = index;
    if (index < 0) return;
    while (this.rendered <= index) this.render();
    const option = byId(`row-${index}`);
    option.setAttribute('aria-selected', 'true');
    this.list.setAttribute('aria-activedescendant', option.id);
    if (scroll) option.scrollIntoView({ block: 'nearest' });
  }

  choose(index, open) {
    if (this.shown.length === 0) return;
    const row = this.shown[Math.max(0, Math.min(index, this.shown.length - 1))];
    this.select(row, open);
  }

  move(by) {
    this.choose((this.index ?? -1) + by, false);
  }

  pressed(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      event.preventDefault();
      this.move(steps[event.key]);
    } else if (event.key === 'Enter' && this.index >= 0) {
      event.preventDefault();
      this.choose(this.index, true);
    }
  }
}
