// Services, their files and functions: as tall as they have lines, as dark as they are suspicious.
import { hierarchy, partition } from 'd3-hierarchy';
import { h, plural, shortened, svg } from './dom.js';
import { baseName, brief } from './names.js';
import { level, percent } from './numbers.js';

const kHeight = 620;
const kColumns = [0.2, 0.3, 0.5];  // service, file, function
const kRoom = 0.5;                 // added for suspicious functions, in parts of all lines
const kLeast = 2;                  // pixels that a part needs to be drawn
const kShownShare = 0.01;          // suspicious enough to be drawn however small

// A cluster ranks its first functions only: the others have no part in it.
function tree(report, cluster) {
  const services = new Map();
  const own = cluster < 0 ? undefined : report.clusters[cluster].rowByKey;
  const functions = report.functions.map((row) => (own ? own.get(row.key) ?? { ...row, p: row.p && 0, level: 0 } : row));
  const total = functions.reduce((sum, row) => sum + (row.p ?? 0), 0) || 1;
  for (const [i, row] of functions.entries()) {
    const service = report.services[row.service] || '(one service)';
    const path = report.files[row.file ?? row.in][1];
    if (!services.has(service)) services.set(service, new Map());
    const files = services.get(service);
    if (!files.has(path)) files.set(path, []);
    files.get(path).push({ name: row.title, row, lines: Math.max(1, report.functions[i].size ?? 1), mass: row.p === undefined ? null : row.p / total });
  }
  // What is suspicious gets room beside its lines, or it would be too thin to be seen.
  const leaves = [...services.values()].flatMap((files) => [...files.values()].flat());
  const weight = (leaf) => (leaf.mass >= 0.005 ? Math.sqrt(leaf.mass) : 0);
  const weights = leaves.reduce((sum, leaf) => sum + weight(leaf), 0) || 1;
  const lines = leaves.reduce((sum, leaf) => sum + leaf.lines, 0);
  for (const leaf of leaves) leaf.size = leaf.lines + (kRoom * lines * weight(leaf)) / weights;
  return {
    name: 'all code',
    children: [...services].map(([name, files]) => ({
      name, children: [...files].map(([path, children]) => ({ name: path, children })),
    })),
  };
}

export class IcicleView {
  constructor(report, select) {
    this.report = report;
    this.select = select;
    this.element = h('div', { class: 'icicle-view' });
    if (report.functions.length === 0) {
      this.element.append(h('p', { class: 'empty' }, 'No functions are ranked.'));
      return;
    }
    this.path = h('nav', { class: 'crumbs', 'aria-label': 'Part of the code' });
    this.picture = svg('svg', { class: 'icicle', role: 'group', 'aria-label': 'Code by size and suspicion' });
    this.element.append(
      h('p', {}, 'Height: executable lines, and room for what is suspicious. Colour and figure: ',
        report.functions[0].p !== undefined ? 'share of the posterior.' : 'suspicion of the worst function.',
        ' A service or file opens when it is chosen, a function shows its code.'),
      this.path, this.picture);
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  show(cluster) {
    if (this.cluster !== cluster && this.path) this.build(cluster);
    this.draw();
  }

  build(cluster) {
    const { report } = this;
    this.cluster = cluster;
    this.root = hierarchy(tree(report, cluster)).sum((node) => node.size ?? 0);
    this.root.eachAfter((node) => {
      const own = node.data.mass ?? 0;
      node.lines = node.children ? node.children.reduce((sum, child) => sum + child.lines, 0) : node.data.lines;
      node.mass = node.children ? node.children.reduce((sum, child) => sum + child.mass, 0) : own;
      // A formula has no mass to add up: what is above a function is as suspicious as its worst one.
      node.level = report.functions[0].p !== undefined ? (node.mass >= 0.0005 ? level(node.mass) : 0)
        : node.children ? Math.max(...node.children.map((child) => child.level)) : node.data.row.level;
    });
    this.root.sort((a, b) => b.mass - a.mass || b.value - a.value);
    partition()(this.root);
    this.focus = this.root;
  }

  draw() {
    if (!this.root || this.element.clientWidth === 0) return;
    const width = Math.max(480, this.element.clientWidth);
    this.picture.setAttribute('viewBox', `0 0 ${width} ${kHeight}`);
    this.picture.setAttribute('height', kHeight);
    const { x0, x1 } = this.focus;
    const scale = kHeight / (x1 - x0);
    const shapes = [];
    let hidden = 0;
    const visit = (node) => {
      if (node.x1 <= x0 || node.x0 >= x1) return;
      const top = (Math.max(node.x0, x0) - x0) * scale;
      let height = (Math.min(node.x1, x1) - x0) * scale - top;
      if (height < kLeast) {
        if (node.mass < kShownShare) { if (!node.children) ++hidden; else hidden += node.leaves().length; return; }
        height = 3;
      }
      if (node.depth > 0) shapes.push(this.shape(node, top, height, width));
      node.children?.forEach(visit);
    };
    visit(this.root);
    this.picture.replaceChildren(...shapes);
    this.nodes = shapes;
    shapes[0]?.setAttribute('tabindex', '0');
    this.crumbs(hidden);
  }

  shape(node, top, height, width) {
    const column = node.depth - 1;
    const left = width * kColumns.slice(0, column).reduce((a, b) => a + b, 0);
    const room = width * kColumns[column];
    const figure = this.report.functions[0].p !== undefined && node.mass >= 0.0005 ? percent(node.mass) : '';
    const name = node.depth === 2 ? baseName(node.data.name) : brief(node.data.name);
    const shown = shortened(name, Math.floor((room - 70) / 7.3));
    const activate = () => (node.children ? this.zoom(node === this.focus ? node.parent : node) : this.select(node.data.row, true));
    // Functions too small to be drawn leave their file's part of the column plain.
    const rest = width * kColumns[2];
    const backdrop = node.depth === 2 ? svg('rect', { x: room, width: rest, height, class: 'backdrop' }) : null;
    return svg('g', {
      class: `part s${node.level}`, transform: `translate(${left},${top})`, role: 'button', tabindex: -1,
      onclick: activate,
      onkeydown: (event) => this.pressed(event, activate),
    },
    // Its name and its tooltip.
    svg('title', {}, `${['service', 'file', 'function'][column]} ${node.data.name}, ${plural(node.lines, 'line')}${figure ? `, ${figure} of the suspicion` : ''}`),
    backdrop,
    svg('rect', { width: Math.max(1, room - 1), height: Math.max(1, height - 0.6) }),
    height >= 14 ? svg('text', { x: 6, y: Math.min(height / 2 + 4, 18) }, shown) : null,
    height >= 14 && figure ? svg('text', { x: room - 8, y: Math.min(height / 2 + 4, 18), class: 'end' }, figure) : null);
  }

  zoom(node) {
    this.focus = node ?? this.root;
    this.draw();
    this.nodes[0]?.focus();
  }

  crumbs(hidden) {
    const line = this.focus.ancestors().reverse();
    this.path.replaceChildren(...line.flatMap((node, i) => [
      i > 0 ? ' › ' : '',
      node === this.focus ? h('b', {}, node.data.name)
        : h('button', { type: 'button', class: 'link', onclick: () => this.zoom(node) }, node.data.name)]),
    h('span', { class: 'muted' }, hidden > 0 ? `  ${plural(hidden, 'function')} too small to be drawn here` : ''));
  }

  pressed(event, activate) {
    const at = this.nodes.indexOf(event.currentTarget);
    const go = (to) => {
      const next = this.nodes[to];
      if (!next) return;
      this.nodes[at].setAttribute('tabindex', '-1');
      next.setAttribute('tabindex', '0');
      next.focus();
    };
    if (event.key === 'Enter' || event.key === ' ') activate();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowRight') go(at + 1);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowLeft') go(at - 1);
    else if (event.key === 'Escape' && this.focus !== this.root) this.zoom(this.focus.parent);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
