// What is known of one row: its evidence, and its file with the heat of each line.
import { h, plural } from './dom.js';
import { highlighted } from './highlight.js';
import { brief } from './names.js';
import { amount, letters, ranks, real, score, share } from './numbers.js';
import { clusterName, heatIn, placeOf, rankingOf, serviceName } from './report.js';

const kWindow = 1500;  // lines after the row's that are shown at first
const kLead = 20;      // at most, before it
const kTelling = 0.5; // suspicion of a service that is worth a sentence
const kHot = 100;      // thousandths of heat that `next` stops at

function bar(label, part, all, kind) {
  const width = all > 0 ? (100 * part) / all : 0;
  const filled = h('span', { class: `filled ${kind}` });
  filled.style.width = `${width}%`;
  return h('div', { class: 'bar' },
    h('span', { class: 'bar-label' }, label),
    h('span', { class: 'track', 'aria-hidden': 'true' }, filled),
    h('span', { class: 'bar-value' }, share(part, all)));
}

export class CodeView {
  constructor(report, select) {
    this.report = report;
    this.select = select;
    this.element = h('div', { class: 'code-view' });
    this.hot = [];
  }

  /** `line`: the one to show; the row's most suspicious one unless given. */
  show(row, cluster, line = row.line) {
    this.row = row;
    this.element.replaceChildren(this.evidence(row, cluster), this.source(row, cluster, line));
    this.focusLine(line, false);
  }

  evidence(row, cluster) {
    const { report } = this;
    const [ef, ep, nf, np] = row.counts ?? [0, 0, 0, 0];
    const { elements } = rankingOf(report, cluster);
    const service = serviceName(report, row);
    const place = placeOf(report, row);
    const facts = [];
    if (row.outside) facts.push(`Not among the first of ${clusterName(cluster)}: score and counts are those of all failing runs.`);
    if (row.relation) facts.push(row.relation === 'changed' ? 'The change under test touches it.' : `${row.relation[0].toUpperCase()}${row.relation.slice(1)}.`);
    // The same line of the same function, whichever ranking names it.
    const known = report.rowByKey.get(row.key);
    const blame = row.blame ?? (known?.line === row.line ? known.blame : undefined);
    if (blame) facts.push(`Line ${row.line} is as it is ${blame}.`);
    const skipped = ef * (ep + np) < ep * (ef + nf);
    if (skipped && row.in !== undefined) facts.push('Failing runs skip its most suspicious line more often than passing ones do.');
    if (row.raised) {
      const [re, rp, rnf, rnp] = row.raised;
      facts.push(`An error arises at line ${row.line} in ${share(re, re + rnf)} failing and ${share(rp, rp + rnp)} passing runs.`);
    }
    // What weighs for S need not weigh for a peer.
    if (row.counts && real(row.suspicion ?? 0) >= kTelling) {
      const suspect = report.suspects.find((other) => other.service === service);
      facts.push(`Traces: service ${service} has suspicion ${real(row.suspicion).toFixed(1)}${suspect?.strongest ? ` (${suspect.strongest})` : ''}.`);
    }
    const compared = cluster < 0 && report.formulas?.rows.find(([index]) => report.functions[index].key === row.key);
    const parts = [];
    if (compared) {
      parts.push(h('p', { class: 'formula-ranks' }, 'Rank by ', report.formulas.titles.flatMap((title, i) => [
        i > 0 ? ' · ' : '', title, ' ', h('b', {}, compared[1][i] ? ranks(compared[1][i]) : '–')])));
    }
    if (row.group) {
      const others = rankingOf(report, cluster).rows.filter((other) => other.group === row.group && other.key !== row.key);
      parts.push(h('div', { class: 'ambiguity' },
        h('p', {}, `Group ${letters(row.group)}: `,
          `${plural(others.length, 'other row')} with an identical column. No formula over hits can tell them apart.`),
        h('ul', {}, others.slice(0, 6).map((other) => h('li', {}, h('button', {
          type: 'button', class: 'link', onclick: () => this.select(other, true),
        }, brief(other.title)))))));
    }
    return h('section', { class: 'evidence', 'aria-label': 'Evidence' },
      h('div', { class: 'headline' },
        h('span', { class: `chip big h${row.level}` }, score(row)),
        h('div', {},
          h('h2', {}, row.title),
          h('p', { class: 'path' }, service ? h('b', {}, service) : null, service && place ? ' · ' : null, place,
            h('span', { class: 'muted' }, `  rank ${ranks(row.rank)} of ${elements.toLocaleString('en')}`)))),
      row.name && row.title.includes('…') ? h('p', { class: 'full-name' }, row.name) : null,
      row.counts ? h('div', { class: 'bars' },
        h('p', { class: 'muted' }, place ? `line ${row.line} was executed by` : 'its strongest event is in'),
        bar(place ? 'failing runs' : 'failing traces', ef, ef + nf, 'failing'),
        bar(place ? 'passing runs' : 'passing traces', ep, ep + np, 'passing')) : null,
      facts.length > 0 ? h('ul', { class: 'facts' }, facts.map((fact) => h('li', {}, fact))) : null,
      parts);
  }

  source(row, cluster, line) {
    const { report } = this;
    if (row.in === undefined) return h('p', { class: 'empty' }, 'It is ranked by its traces: they name no line of its code.');
    const [path, text] = report.sourceOf.get(row.in) ?? [report.files[row.in][1]];
    const { facts, failing, passing, own } = heatIn(report, cluster, row.in);
    const lines = text === undefined ? null : highlighted(path, text);
    const numbers = lines ? lines.map((_, i) => i + 1) : [...facts.keys()];
    this.hot = numbers.filter((number) => (facts.get(number)?.heat ?? 0) >= kHot);
    if (numbers.length === 0) {
      return h('p', { class: 'empty' }, 'Nothing is known of its lines.');
    }
    const body = h('tbody');
    const rowOf = (number) => {
      const fact = facts.get(number);
      const level = fact ? Math.min(9, Math.max(fact.heat > 0 ? 1 : 0, Math.ceil((9 * fact.heat) / 1000))) : 0;
      const inside = row.from && row.to && number >= row.from && number <= row.to;
      return h('tr', { id: `line-${number}`, class: `t${level}${inside ? ' inside' : ''}${fact ? '' : ' quiet'}` },
        h('td', { class: 'number' }, number),
        h('td', { class: `digits${level > 0 ? ` h${level}` : ''}` },
          fact && fact.heat > 0 ? String(Math.max(1, Math.round(fact.heat / 10))) : ''),
        h('td', { class: 'runs' }, fact ? amount(fact.ef) : ''),
        h('td', { class: 'runs' }, fact ? amount(fact.ep) : ''),
        h('td', { class: 'text' }, h('code', {},
          lines ? lines[number - 1].map(([kind, part]) => (kind ? h('span', { class: `k-${kind}` }, part) : part))
            : h('span', { class: 'muted' }, ' '))));
    };
    const at = lines ? line - 1 : numbers.indexOf(line);
    // What is above the function waits, so that its lines are on the first screen.
    const lead = row.from && row.from <= line && line - row.from <= kLead ? line - row.from + 3 : kLead;
    const first = at - lead > 5 ? at - lead : 0;
    const last = Math.min(numbers.length, at + kWindow);
    body.append(...numbers.slice(first, last).map(rowOf));
    const edge = (label, count, add) => {
      if (count <= 0) return null;
      const button = h('button', { type: 'button', class: 'more', onclick: () => { add(); button.remove(); } },
        `${plural(count, 'line')} ${label}`);
      return button;
    };
    const notes = [];
    if (!own) notes.push(`Heat and counts are of all failing runs: those of ${clusterName(cluster)} alone are not in this report.`);
    if (text === undefined) {
      notes.push(report.sources?.length > 0
        ? 'The text of this file was not found below --source, or left out for its size: only executable lines are shown.'
        : 'Only executable lines are shown. Give --source DIR to see their text.');
    }
    return h('section', { class: 'source', 'aria-label': `Source ${path}` },
      h('div', { class: 'source-head' },
        h('h3', {}, h('bdi', {}, path)),
        h('span', { class: 'legend' }, h('span', {}, cluster >= 0 && own ? `heat for ${clusterName(cluster)}` : 'heat'),
          [1, 3, 5, 7, 9].map((step) => h('i', { class: `h${step}` }, String(step === 9 ? 100 : step * 11)))),
        h('span', { class: 'steps' },
          h('button', { type: 'button', onclick: () => this.step(-1), title: 'Key p' }, '↑ hot line'),
          h('button', { type: 'button', onclick: () => this.step(1), title: 'Key n' }, '↓ hot line'))),
      notes.map((note) => h('p', { class: 'note' }, note)),
      edge('above', first, () => body.prepend(...numbers.slice(0, first).map(rowOf))),
      h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Annotated source' },
        h('table', { class: 'lines' },
          h('thead', {}, h('tr', {},
            h('th', { scope: 'col', class: 'number' }, 'line'),
            h('th', { scope: 'col', class: 'digits', title: 'Suspicion against the hottest line, which is 100' }, 'heat'),
            h('th', { scope: 'col', class: 'runs', title: `Of ${amount(failing)} failing runs` }, 'fail'),
            h('th', { scope: 'col', class: 'runs', title: `Of ${amount(passing)} passing runs` }, 'pass'),
            h('th', { scope: 'col', class: 'text' }, 'source'))),
          body)),
      edge('below', numbers.length - last, () => body.append(...numbers.slice(last).map(rowOf))));
  }

  /** Scrolls to the line and points at it. */
  focusLine(number, smooth = true) {
    this.element.querySelector('tr.at')?.classList.remove('at');
    const target = this.element.querySelector(`#line-${number}`);
    this.at = number;
    if (!target) return;
    target.classList.add('at');
    const reduced = matchMedia('(prefers-reduced-motion: reduce)').matches;
    target.scrollIntoView({ block: smooth ? 'center' : 'nearest', behavior: smooth && !reduced ? 'smooth' : 'auto' });
  }

  step(by) {
    const next = by > 0 ? this.hot.find((line) => line > this.at) : this.hot.findLast((line) => line < this.at);
    if (next !== undefined) this.focusLine(next);
  }
}
