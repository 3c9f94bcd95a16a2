// The page: unpacks the report, builds the views, and keeps what is chosen the same in all of them.
import { CodeView } from './code.js';
import { byId, h, plural } from './dom.js';
import { formulaView } from './formulas.js';
import { GateLine, stateBadge } from './gate.js';
import { IcicleView } from './icicle.js';
import { MatrixView } from './matrix.js';
import { RankingList } from './ranking.js';
import { clusterName, readReport, rankingOf, rowIn } from './report.js';
import { RequestView } from './requests.js';
import { ServiceView } from './services.js';

const kKeys = [
  ['j  k', 'next and previous row of the ranking'],
  ['Enter', 'show its code, at its most suspicious line'],
  ['n  p', 'next and previous hot line of the file'],
  ['/', 'filter the ranking; Escape clears it'],
  ['1 – 6', 'Code, Request, Runs, Services, Map, Formulas'],
  ['[  ]', 'previous and next kind of failure'],
  ['t', 'light or dark'],
  ['?', 'this list'],
];

const kOfAllRuns = ['services', 'formulas'];

class Page {
  constructor(report) {
    this.report = report;
    this.cluster = -1;
    this.view = 'code';
    const select = (row, open, line) => this.select(row, open, line);
    this.list = new RankingList(report, select);
    this.code = new CodeView(report, select);
    const views = [
      ['code', 'Code', () => this.code, () => {}],
      ['request', 'Request', () => new RequestView(report, select), (view) => view.show(this.cluster)],
      ['runs', 'Runs', () => new MatrixView(report, select), (view) => view.show(this.cluster)],
      ['services', 'Services', () => new ServiceView(report, (service) => this.showService(service)), () => {}],
      ['map', 'Map', () => new IcicleView(report, select), (view) => view.show(this.cluster)],
      ['formulas', 'Formulas', () => ({ element: formulaView(report, select) }), () => {}],
    ];
    this.views = new Map(views.map(([name, title, make, refresh]) => [name, { title, make, refresh }]));
    this.build();
  }

  build() {
    const { report } = this;
    const { summary } = report;
    document.title = `culprit: ${report.runs_path}`;
    byId('subject').textContent = report.case ? `${report.runs_path}, case ${report.case}` : report.runs_path;
    byId('summary').append(
      h('li', { class: 'failing' }, h('b', {}, summary.failed.toLocaleString('en')), ' failed'),
      h('li', { class: 'passing' }, h('b', {}, summary.passed.toLocaleString('en')), ' passed'),
      summary.unknown > 0 ? h('li', {}, h('b', {}, summary.unknown.toLocaleString('en')), ' unknown') : '',
      h('li', { class: 'minor' }, h('b', {}, summary.functions.toLocaleString('en')), ' functions'),
      summary.services > 1 ? h('li', { class: 'minor' }, h('b', {}, summary.services), ' services') : '',
      summary.traces > 0 ? h('li', { class: 'minor' }, h('b', {}, summary.traces.toLocaleString('en')), ' traces') : '');
    const red = report.gate?.clusters.find((verdict) => verdict.state === 'red');
    if (red && report.clusters.length > 1) this.cluster = red.cluster;
    if (report.gate) {
      this.gate = new GateLine(report, (cluster) => this.showCluster(cluster));
      byId('clusters').before(this.gate.element);
    }
    this.buildClusters();
    const names = [...this.views.keys()];
    this.tabs = h('div', { role: 'tablist', 'aria-label': 'Views', class: 'tabs' }, names.map((name) => h('button', {
      type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': 'panel', 'aria-selected': 'false', tabindex: -1,
      onclick: () => this.open(name),
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = names[(names.indexOf(this.view) + step + names.length) % names.length];
        this.open(next);
        byId(`tab-${next}`).focus();
      },
    }, this.views.get(name).title)));
    this.scope = h('p', { class: 'note', hidden: true });
    this.panel = h('div', { id: 'panel', role: 'tabpanel', tabindex: 0 });
    byId('main').replaceChildren(this.list.element,
      h('section', { id: 'detail', 'aria-label': 'Details' }, this.tabs, this.panel, this.notes()));
    const { rows: [first] } = rankingOf(report, this.cluster);
    this.view = first ? 'code' : report.requests?.length > 0 ? 'request' : 'services';
    this.showCluster(this.cluster);
  }

  buildClusters() {
    const { clusters, summary } = this.report;
    if (clusters.length === 0) return;
    const origin = (cluster) => [cluster.kind, cluster.service && `first in ${cluster.service}`].filter(Boolean).join(' · ');
    const tab = (index, title, note, count, verdict) => h('button', {
      type: 'button', class: 'cluster', 'aria-pressed': String(index === this.cluster), 'data-cluster': index,
      onclick: () => this.showCluster(index),
    }, h('span', { class: 'cluster-title' }, title),
    h('span', { class: 'cluster-note' }, verdict ? [stateBadge(verdict), ' '] : null, note),
    h('span', { class: 'cluster-count' }, count));
    const all = clusters.length > 1
      ? [tab(-1, 'All failing runs', `${clusters.length + this.report.more_clusters} kinds of failure`, String(summary.failed))] : [];
    byId('clusters').replaceChildren(...all, ...clusters.map((cluster, i) => tab(clusters.length > 1 ? i : -1,
      clusters.length > 1 ? `C${i + 1}  ${cluster.endpoint}` : cluster.endpoint, origin(cluster), `${cluster.runs}/${cluster.endpoint_runs}`,
      cluster.verdict)));
  }

  notes() {
    const { notes, problems } = this.report;
    const lines = [...notes];
    if (this.report.more_clusters > 0) lines.push(`${plural(this.report.more_clusters, 'smaller kind')} of failure without a tab`);
    if (this.report.heat_left_out > 0) lines.push(`the heat of lines for ${plural(this.report.heat_left_out, 'kind')} of failure alone was left out for its size`);
    if (this.report.functions_left_out > 0) lines.push(`${plural(this.report.functions_left_out, 'function')} more at the end of the ranking`);
    if (this.report.sources_left_out > 0) lines.push(`the text of ${plural(this.report.sources_left_out, 'file')} was left out for its size`);
    if (lines.length + problems.length === 0) return '';
    return h('details', { class: 'notes' },
      h('summary', {}, [lines.length > 0 ? plural(lines.length, 'note') : '', problems.length > 0 ? plural(problems.length + this.report.more_problems, 'warning') : ''].filter(Boolean).join(', ')),
      h('ul', {}, lines.map((line) => h('li', {}, line)), problems.map((line) => h('li', { class: 'warning' }, line))));
  }

  select(chosen, open, line) {
    const row = rowIn(this.report, this.cluster, chosen) ?? { ...chosen, outside: true };
    this.row = row;
    this.list.mark(row);
    if (open) this.open('code');
    this.code.show(row, this.cluster, line);
    if (open) {
      this.panel.scrollTop = 0;
      this.code.focusLine(line ?? row.line);
    } else if (this.view === 'code') {
      this.panel.scrollTop = 0;
    }
  }

  open(name) {
    const view = this.views.get(name);
    view.shown ??= view.make();
    this.view = name;
    for (const tab of this.tabs.children) {
      const chosen = tab.id === `tab-${name}`;
      tab.setAttribute('aria-selected', String(chosen));
      tab.setAttribute('tabindex', chosen ? '0' : '-1');
    }
    this.panel.setAttribute('aria-labelledby', `tab-${name}`);
    this.scope.hidden = this.cluster < 0 || !kOfAllRuns.includes(name);
    this.scope.textContent = `This view is of all failing runs, not of ${clusterName(this.cluster)} alone.`;
    if (this.panel.lastElementChild !== view.shown.element) {
      this.panel.replaceChildren(this.scope, view.shown.element);
      this.panel.scrollTop = 0;
    }
    if (name === 'code' && !this.row) {
      const { undecided } = rankingOf(this.report, this.cluster);
      this.code.element.replaceChildren(h('p', { class: 'empty' }, undecided || 'Nothing is ranked.'));
    }
    view.refresh(view.shown);
  }

  showCluster(index) {
    this.cluster = index;
    for (const button of byId('clusters').children) {
      button.setAttribute('aria-pressed', String(Number(button.dataset.cluster) === index));
    }
    this.gate?.show(index);
    this.list.show(index);
    this.row = undefined;
    const { rows: [first] } = rankingOf(this.report, index);
    if (first) this.select(first, false);
    this.open(this.view);
  }

  /** The code of a service: the ranking, filtered by it. */
  showService(service) {
    const plain = (name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
    const row = rankingOf(this.report, this.cluster).rows.find((other) => plain(this.report.services[other.service]) === plain(service));
    if (row) this.select(row, true);
  }

  redraw() {
    for (const { shown } of this.views.values()) shown?.draw?.();
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || byId('keys').open) return;
    if (event.target.closest('input, select, textarea')) return;
    const clusters = [...byId('clusters').children].map((button) => Number(button.dataset.cluster));
    const actions = {
      j: () => this.list.move(1),
      k: () => this.list.move(-1),
      n: () => this.code.step(1),
      p: () => this.code.step(-1),
      t: toggleTheme,
      '/': () => this.list.filter.focus(),
      '?': () => byId('help').click(),
      '[': () => clusters.length > 1 && this.showCluster(clusters[Math.max(0, clusters.indexOf(this.cluster) - 1)]),
      ']': () => clusters.length > 1 && this.showCluster(clusters[Math.min(clusters.length - 1, clusters.indexOf(this.cluster) + 1)]),
    };
    [...this.views.keys()].forEach((name, i) => { actions[String(i + 1)] = () => this.open(name); });
    if (event.key === 'Enter' && this.row && !event.target.closest('button, a, summary, [role="button"], [role="application"], [role="listbox"]')) {
      actions.Enter = () => this.select(this.row, true);
    }
    if (!(event.key in actions)) return;
    event.preventDefault();
    actions[event.key]();
  }
}

// Remembered where the browser lets a file remember anything.
function remembered(value) {
  try {
    if (value !== undefined) localStorage.setItem('culprit-theme', value);
    return localStorage.getItem('culprit-theme');
  } catch {
    return null;
  }
}

const dark = matchMedia('(prefers-color-scheme: dark)');
let page;

function applyTheme(theme) {
  const chosen = theme ?? (dark.matches ? 'dark' : 'light');
  document.documentElement.dataset.theme = chosen;
  byId('theme').textContent = chosen === 'dark' ? 'Light' : 'Dark';
  byId('theme').setAttribute('aria-label', `Use the ${chosen === 'dark' ? 'light' : 'dark'} colours`);
  page?.redraw();
}

function toggleTheme() {
  const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  remembered(next);
  applyTheme(next);
}

function prepareKeys() {
  const dialog = byId('keys');
  dialog.append(h('h2', { id: 'keys-title' }, 'Keys'),
    h('dl', {}, kKeys.flatMap(([keys, what]) => [h('dt', {}, keys.split('  ').map((key) => h('kbd', {}, key))), h('dd', {}, what)])),
    h('form', { method: 'dialog' }, h('button', {}, 'Close')));
  byId('help').addEventListener('click', () => dialog.showModal());
}

async function start() {
  applyTheme(remembered());
  dark.addEventListener('change', () => { if (!remembered()) applyTheme(); });
  byId('theme').addEventListener('click', toggleTheme);
  prepareKeys();
  try {
    page = new Page(await readReport(byId('report')));
    document.addEventListener('keydown', (event) => page.pressed(event));
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
  } catch (error) {
    byId('main').replaceChildren(h('p', { class: 'loading', role: 'alert' }, `The report cannot be shown: ${error.message}`));
    throw error;
  }
}

start();
