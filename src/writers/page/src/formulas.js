// The same functions under other formulas.
import { h } from './dom.js';
import { brief } from './names.js';
import { ranks } from './numbers.js';
import { serviceName } from './report.js';

const warmth = ([best]) => (best <= 1 ? 8 : best <= 3 ? 6 : best <= 10 ? 3 : 0);

export function formulaView(report, select) {
  const { titles, rows } = report.formulas ?? { titles: [], rows: [] };
  if (rows.length === 0) return h('div', {}, h('p', { class: 'empty' }, 'No functions are ranked.'));
  return h('div', { class: 'formula-view' },
    h('p', {}, 'Ranks of the first functions under several formulas. Where all agree the answer rests on the runs alone; '
      + 'where only the posterior ranks a function high, look at its evidence first. A span such as 1–4 is a tie.'),
    h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Formulas' },
      h('table', { class: 'plain-table formulas' },
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'function'), h('th', { scope: 'col' }, 'service'),
          titles.map((title) => h('th', { scope: 'col', class: 'figure' }, title)))),
        h('tbody', {}, rows.map(([index, places]) => {
          const row = report.functions[index];
          return h('tr', {},
            h('th', { scope: 'row' }, h('button', { type: 'button', class: 'link', title: row.name ?? row.title, onclick: () => select(row, true) }, brief(row.title))),
            h('td', {}, serviceName(report, row) || '–'),
            places.map((place) => h('td', { class: 'figure' }, h('span', { class: `chip small h${warmth(place)}` }, ranks(place)))));
        })))));
}
