// The failing requests: what was asked, how it failed, and its trace as a waterfall whose spans lead
// to the code.
import { h, plural, put } from './dom.js';
import { duration } from './numbers.js';
import { baseName, named } from './names.js';
import { placeOf, rowIn } from './report.js';

function statusText(request) {
  if (request.status === undefined) return request.error || 'failed';
  return request.status === 0 ? 'no response' : `status ${request.status}`;
}

function label(request) {
  const what = [request.method, request.url].filter(Boolean).join(' ');
  return what ? `${request.run}: ${what} → ${statusText(request)}` : `${request.run}: ${request.reason}`;
}

export class RequestView {
  constructor(report, select) {
    this.report = report;
    this.select = select;
    this.element = h('div', { class: 'request-view' });
    this.cluster = -1;
  }

  show(cluster) {
    this.cluster = cluster;
    const all = this.report.requests ?? [];
    this.requests = cluster < 0 ? all : all.filter((request) => request.cluster === cluster);
    if (this.requests.length === 0) {
      this.element.replaceChildren(h('p', { class: 'empty' }, 'No failing run is known.'));
      return;
    }
    const choice = h('select', { id: 'request', onchange: () => this.fill(this.requests[choice.selectedIndex]) },
      this.requests.map((request) => h('option', {}, label(request).slice(0, 160))));
    this.body = h('div', {});
    put(this.element,
      h('div', { class: 'choice' }, h('label', { for: 'request' }, 'Failing run'), choice),
      this.body,
      this.leftOut(cluster));
    // The case that was asked for, if it is one of them.
    choice.selectedIndex = Math.max(0, this.requests.findIndex((request) => request.run === this.report.comparison?.run));
    this.fill(this.requests[choice.selectedIndex]);
  }

  leftOut(cluster) {
    const { clusters, requests_left_out: all } = this.report;
    const count = cluster < 0 ? all : clusters[cluster].runs - this.requests.length;
    return count > 0 ? h('p', { class: 'note' }, `${plural(count, 'failing run')} more: the first of each kind of failure are here.`) : null;
  }

  fill(request) {
    const facts = [
      ['run', request.run],
      ['outcome', request.error && !request.reason.includes(request.error) ? `${request.reason}; ${request.error}` : request.reason],
      request.latency !== undefined ? ['latency', duration(request.latency)] : null,
      request.trace ? ['trace', request.trace] : null,
    ].filter((fact) => fact && fact[1]);
    const what = [request.method, request.url].filter(Boolean).join(' ');
    put(this.body,
      h('h2', { class: 'asked' }, what || request.run,
        h('span', { class: 'badge bad' }, statusText(request))),
      h('dl', { class: 'pairs' }, facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
      request.body ? h('details', {}, h('summary', {}, 'Response body'), h('pre', { tabindex: 0 }, request.body)) : '',
      request.spans.length > 0 ? this.waterfall(request) : h('p', { class: 'note' }, 'No trace of this run was found.'),
      this.difference(request));
  }

  waterfall(request) {
    const end = Math.max(...request.spans.map((span) => span.start + span.duration), 1e-6);
    const rows = request.spans.map((span) => {
      const fill = h('span', { class: `span-bar${span.error ? ' error' : ''}` });
      fill.style.left = `${(100 * span.start) / end}%`;
      fill.style.width = `max(2px, ${(100 * span.duration) / end}%)`;
      const name = h('td', { class: 'span-name' }, h('span', { class: 'service' }, span.service), ' ', span.operation,
        span.error ? h('span', { class: 'badge bad' }, span.status ? `error ${span.status}` : 'error') : null);
      name.style.paddingInlineStart = `${8 + 14 * Math.min(span.depth, 12)}px`;
      return h('tr', { class: span.error ? 'error' : '' }, name,
        h('td', { class: 'span-time' }, h('span', { class: 'span-track' }, fill)),
        h('td', { class: 'figure' }, duration(span.duration)),
        h('td', { class: 'span-code' }, this.codeOf(span)));
    });
    return h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Trace' },
      h('table', { class: 'waterfall' },
        h('caption', {}, `${plural(request.spans.length, 'span')} in ${duration(end)}. Code: where the span says it was, else the first suspect of its service that this run executed.`),
        h('thead', {}, h('tr', {}, ['span', 'when', 'took', 'code'].map((name) => h('th', { scope: 'col' }, name)))),
        h('tbody', {}, rows)),
      request.spans_left_out > 0 ? h('p', { class: 'note' }, `${plural(request.spans_left_out, 'span')} left out`) : null);
  }

  codeOf(span) {
    if (span.function === undefined) return h('span', { class: 'muted' }, 'no coverage');
    const whole = this.report.functions[span.function];
    const row = rowIn(this.report, this.cluster, whole) ?? whole;
    const [, path] = this.report.files[row.in];
    const line = span.line ?? row.line;
    return h('button', {
      type: 'button', class: 'link', title: `${row.name ?? row.title}\n${placeOf(this.report, row)}`,
      onclick: () => this.select(row, true, line),
    }, h('span', { class: `chip small h${row.level}` }, `#${row.rank[0]}`),
    span.line ? `${baseName(path)}:${line}` : named(row.title),
    span.line ? h('span', { class: 'badge' }, 'told by the span') : null);
  }

  /** With --case: what only the failing run executed, and only the passing one. */
  difference(request) {
    const comparison = this.report.comparison;
    if (!comparison || comparison.run !== request.run) return null;
    const list = (title, lines) => h('div', {}, h('h3', {}, title),
      lines.length === 0 ? h('p', { class: 'muted' }, 'nothing')
        : h('ul', { class: 'plain' }, lines.slice(0, 40).map(([file, line, name]) => {
          const row = this.report.rowsOfFile.get(file)?.find((other) => other.from <= line && line <= (other.to ?? Infinity));
          const text = `${this.report.files[file][1]}:${line}  ${name}`;
          return h('li', {}, row ? h('button', { type: 'button', class: 'link', onclick: () => this.select(row, true, line) }, text) : text);
        })),
      lines.length > 40 ? h('p', { class: 'muted' }, `and ${plural(lines.length - 40, 'line')} more`) : null);
    return h('section', { class: 'difference', 'aria-label': 'Against the nearest passing run' },
      list(`Executed only by ${comparison.run}, which failed`, comparison.only_failing),
      list(`Executed only by ${comparison.passing}, which passed`, comparison.only_passing));
  }
}

