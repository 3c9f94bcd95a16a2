// The service graph that traces show, as it was laid out, coloured by suspicion.
import { h, plural, shortened, svg } from './dom.js';
import { level, real, share } from './numbers.js';

const kBox = { width: 168, height: 46 };
const kStep = { x: 250, y: 84 };
const kMargin = 24;

export class ServiceView {
  /** `choose(service)` asks for the code of a service. */
  constructor(report, choose) {
    this.report = report;
    this.choose = choose;
    this.element = h('div', { class: 'service-view' });
    const { graph, suspects } = report;
    if (!graph || graph.places.length === 0) {
      this.element.append(h('p', { class: 'empty' }, 'No traces were read: nothing tells which service calls which.'));
      return;
    }
    const highest = Math.max(...suspects.map((suspect) => real(suspect.suspicion)), 1);
    this.levels = new Map(suspects.map((suspect) => [suspect.service, level(Math.max(0, real(suspect.suspicion)) / highest)]));
    this.element.append(
      h('p', {}, `${plural(graph.places.length, 'service')} and ${plural(report.calls.length, 'call')} between them. `
        + 'Coloured by suspicion S, a log Bayes factor; calls with errors are dashed.'),
      h('div', { class: 'graph-scroll', tabindex: 0, role: 'region', 'aria-label': 'Service graph' }, this.graph()),
      this.table());
  }

  at(layer, row) {
    return [kMargin + layer * kStep.x, kMargin + row * kStep.y];
  }

  graph() {
    const { graph, calls } = this.report;
    const width = (graph.layers - 1) * kStep.x + kBox.width + 2 * kMargin;
    const height = (graph.rows - 1) * kStep.y + kBox.height + 2 * kMargin;
    const picture = svg('svg', {
      viewBox: `0 0 ${width} ${height}`, width, height, role: 'group', 'aria-label': 'Services and their calls', class: 'graph',
    }, svg('defs', {}, ['call', 'failing'].map((kind) => svg('marker', {
      id: `arrow-${kind}`, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto', class: `arrow ${kind}`,
      markerUnits: 'userSpaceOnUse',
    }, svg('path', { d: 'M0,0 L8,4 L0,8 z' })))));
    picture.style.minWidth = `${Math.round(0.6 * width)}px`;
    graph.routes.forEach(([caller, callee, through], i) => picture.append(this.route(caller, callee, through, calls[i])));
    graph.places.forEach((place) => picture.append(this.box(place)));
    return picture;
  }

  route(caller, callee, through, [from, to, count, errors]) {
    const { places } = this.report.graph;
    const [x0, y0] = this.at(places[caller][1], places[caller][2]);
    const [x1, y1] = this.at(places[callee][1], places[callee][2]);
    const middle = kBox.height / 2;
    let path;
    if (caller === callee) {
      path = `M${x0 + 40},${y0} C${x0 + 30},${y0 - 26} ${x0 + 110},${y0 - 26} ${x0 + 100},${y0}`;
    } else {
      const forward = places[caller][1] < places[callee][1];
      const points = [[x0 + (forward ? kBox.width : 0), y0 + middle]];
      for (const [layer, row] of through) {
        const [x, y] = this.at(layer, row);
        points.push(...(forward ? [[x, y + middle], [x + kBox.width, y + middle]] : [[x + kBox.width, y + middle], [x, y + middle]]));
      }
      points.push([x1 + (forward ? 0 : kBox.width), y1 + middle + (forward ? 0 : 8)]);
      path = `M${points[0]}`;
      for (let i = 1; i < points.length; ++i) {
        const [ax, ay] = points[i - 1];
        const [bx, by] = points[i];
        const bend = (bx - ax) / 2;
        path += ` C${ax + bend},${ay} ${bx - bend},${by} ${bx},${by}`;
      }
    }
    const failing = errors > 0;
    const text = `${from} calls ${to}: ${plural(count, 'time')}${failing ? `, ${plural(errors, 'error')}` : ''}`;
    const line = svg('path', {
      d: path, class: `call${failing ? ' failing' : ''}`, 'marker-end': `url(#arrow-${failing ? 'failing' : 'call'})`,
      'stroke-width': failing ? 2.5 : 1.25 + Math.min(1.5, Math.log10(count + 1) / 3),
    }, svg('title', {}, text));
    if (!failing || caller === callee) return line;
    return svg('g', {}, line, svg('text', {
      x: (x0 + x1 + kBox.width) / 2, y: (y0 + y1) / 2 + middle - 7, class: 'call-errors',
    }, `${errors.toLocaleString('en')}/${count.toLocaleString('en')} err`));
  }

  box([service, layer, row]) {
    const [x, y] = this.at(layer, row);
    const suspect = this.report.suspects.find((other) => other.service === service);
    const step = this.levels.get(service) ?? 0;
    const activate = () => this.choose(service);
    const covered = suspect?.covered ?? false;
    const name = shortened(service, 20);
    const note = `${suspect ? `S ${real(suspect.suspicion).toFixed(1)}` : 'no events'}${covered ? '' : ' · no coverage'}`;
    return svg('g', {
      transform: `translate(${x},${y})`, class: `service-box s${step}${covered ? ' covered' : ''}`, tabindex: 0, role: 'button',
      onclick: activate,
      onkeydown: (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); activate(); } },
    },
    // Its name and its tooltip.
    svg('title', {}, `${service} ${note}${suspect?.strongest ? `: ${suspect.strongest}` : ''}`),
    svg('rect', { width: kBox.width, height: kBox.height, rx: 6 }),
    svg('text', { x: 12, y: 19, class: 'service-name' }, name),
    svg('text', { x: 12, y: 36, class: 'service-note' }, note));
  }

  table() {
    const { suspects } = this.report;
    if (suspects.length === 0) return h('p', { class: 'muted' }, 'The traces make no service suspicious.');
    const columns = ['service', 'S', 'strongest event', 'failing', 'passing', 'coverage'];
    return h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Suspicion of services' },
      h('table', { class: 'plain-table' },
        h('thead', {}, h('tr', {}, columns.map((name, i) => h('th', { scope: 'col', class: [1, 3, 4].includes(i) ? 'figure' : '' }, name)))),
        h('tbody', {}, suspects.map((suspect) => {
          const [ef, ep, nf, np] = suspect.counts;
          return h('tr', {},
            h('th', { scope: 'row' }, h('button', { type: 'button', class: 'link', onclick: () => this.choose(suspect.service) }, suspect.service)),
            h('td', { class: 'figure' }, h('span', { class: `chip small h${this.levels.get(suspect.service)}` }, real(suspect.suspicion).toFixed(1))),
            h('td', {}, suspect.strongest || '–'),
            h('td', { class: 'figure' }, suspect.strongest ? share(ef, ef + nf) : '–'),
            h('td', { class: 'figure' }, suspect.strongest ? share(ep, ep + np) : '–'),
            h('td', {}, suspect.covered ? 'yes' : 'no'));
        }))));
  }
}
