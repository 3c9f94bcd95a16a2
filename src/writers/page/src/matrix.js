// Who executed what: the first functions against all runs, failing ones by cluster, on canvas.
import { h, plural, put } from './dom.js';
import { named } from './names.js';
import { letters } from './numbers.js';
import { clusterName } from './report.js';

const kRow = 22;
const kRows = 40;
const kGap = 10;  // between failing and passing runs

const kWords = {
  x: 'executed its most suspicious line',
  f: 'executed, but not at its most suspicious line',
  '-': 'not executed',
  '?': 'its service did not report',
};

export class MatrixView {
  constructor(report, select) {
    this.report = report;
    this.select = select;
    this.cursor = { row: 0, run: 0 };
    this.canvas = h('canvas', {
      tabindex: 0, role: 'application', 'aria-describedby': 'matrix-cell',
      'aria-label': 'Runs by functions. Arrow keys move between cells, Enter shows the code.',
      onkeydown: (event) => this.pressed(event),
      onmousemove: (event) => this.point(event),
      onclick: (event) => { this.point(event); this.open(); },
    });
    this.readout = h('p', { id: 'matrix-cell', role: 'status', class: 'readout' });
    this.labels = h('ol', { class: 'matrix-labels' });
    this.head = h('div', { class: 'matrix-head' });
    this.element = h('div', { class: 'matrix-view' });
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  show(cluster) {
    const { matrix, functions } = this.report;
    if (!matrix || matrix.runs.length === 0 || matrix.columns.length === 0) {
      this.element.replaceChildren(h('p', { class: 'empty' }, 'No runs are compared.'));
      return;
    }
    this.runs = matrix.runs.filter(([, failed, of]) => !failed || cluster < 0 || of === cluster);
    this.failing = this.runs.filter(([, failed]) => failed).length;
    this.chooseRows(cluster);
    this.cursor = { row: 0, run: 0 };
    this.labels.replaceChildren(...this.rows.map((row) => h('li', {}, h('button', {
      type: 'button', class: 'link', title: row.name ?? row.title, onclick: () => this.select(row, true),
    }, h('span', { class: `chip small h${row.level}` }, String(row.rank[0])), named(row.title),
    row.group ? h('span', { class: 'group' }, letters(row.group)) : null))));
    const key = (state, text) => h('li', {}, h('i', { class: `cell-${state}` }), text);
    put(this.element,
      h('p', {}, `The ${plural(this.rows.length, 'most suspicious function')}${cluster >= 0 && this.own ? ` of ${clusterName(cluster)}` : ''} against `
        + `${plural(this.runs.length, 'run')}: `
        + 'a fault is executed by failing runs and seldom by passing ones. Rows with one letter are an ambiguity group.'),
      h('ul', { class: 'keys' }, key('x', 'executed, its most suspicious line too'), key('f', 'executed elsewhere'),
        key('none', 'not executed'), key('missing', 'no report')),
      h('div', { class: 'matrix' }, h('div', { class: 'matrix-corner' }), this.head, this.labels, this.canvas),
      this.readout,
      matrix.left_out > 0 ? h('p', { class: 'note' }, `${plural(matrix.left_out, 'run')} left out`) : null);
    this.draw();
    this.tell();
  }

  /** The first functions of the tab's ranking, with their place in the cells of a run. */
  chooseRows(cluster) {
    const { matrix, functions, clusters } = this.report;
    const place = new Map(matrix.columns.map(([index, line], i) => [`${functions[index].key}\n${line}`, i]));
    const known = (rows) => rows.map((row) => ({ row, at: place.get(`${row.key}\n${row.line}`) }))
      .filter(({ at }) => at !== undefined).slice(0, kRows);
    const own = cluster < 0 ? [] : known(clusters[cluster].rows);
    this.own = cluster < 0 || own.length > 0;
    const chosen = own.length > 0 ? own : known(functions);
    this.rows = chosen.map(({ row }) => row);
    this.at = chosen.map(({ at }) => at);
  }

  /** What run `run` did in row `row`. */
  cell(run, row) {
    return this.runs[run][3][this.at[row]];
  }

  /** Where the columns of failing and of passing runs lie. */
  segments(width) {
    const passing = this.runs.length - this.failing;
    if (passing === 0) return [[0, 0, this.failing, width]];
    if (this.failing === 0) return [[0, 0, passing, width]];
    const room = width - kGap;
    const left = Math.round(room * Math.min(0.6, Math.max(0.3, this.failing / this.runs.length)));
    return [[0, 0, this.failing, left], [left + kGap, this.failing, this.runs.length, room - left]];
  }

  draw() {
    const width = this.canvas.clientWidth;
    if (!this.runs || width === 0) return;
    const scale = window.devicePixelRatio || 1;
    const height = this.rows.length * kRow;
    this.canvas.style.height = `${height}px`;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    const pen = this.canvas.getContext('2d');
    pen.scale(scale, scale);
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const inks = { failing: colour('ink-failing'), passing: colour('ink-passing'), track: colour('track'),
      missing: colour('missing') };
    const parts = this.segments(width);
    for (const [left, first, last, room] of parts) {
      const ink = first < this.failing && this.failing > 0 ? inks.failing : inks.passing;
      this.rows.forEach((_, row) => {
        pen.globalAlpha = 1;
        pen.fillStyle = inks.track;
        pen.fillRect(left, row * kRow + 2, room, kRow - 4);
        const columns = Math.min(room, last - first);
        for (let column = 0; column < columns; ++column) {
          const from = first + Math.floor(((last - first) * column) / columns);
          const to = Math.max(from + 1, first + Math.floor(((last - first) * (column + 1)) / columns));
          const seen = { x: 0, f: 0, '-': 0, '?': 0 };
          for (let run = from; run < to; ++run) ++seen[this.cell(run, row)];
          const x = left + (room * column) / columns;
          const w = Math.max(1, room / columns - (room / columns > 4 ? 1 : 0));
          const count = to - from;
          const y = row * kRow + 2;
          if (seen['?'] > 0) {
            pen.globalAlpha = 0.4 + (0.6 * seen['?']) / count;
            pen.fillStyle = inks.missing;
            for (let stripe = 1; stripe < kRow - 4; stripe += 5) pen.fillRect(x, y + stripe, w, 2);
          }
          if (seen.f > 0) {
            pen.globalAlpha = 0.15 + (0.85 * seen.f) / count;
            pen.fillStyle = ink;
            pen.fillRect(x, y + kRow - 4 - 6, w, 6);
          }
          if (seen.x > 0) {
            pen.globalAlpha = 0.2 + (0.8 * seen.x) / count;
            pen.fillStyle = ink;
            pen.fillRect(x, y, w, kRow - 4);
          }
        }
      });
    }
    pen.globalAlpha = 1;
    this.drawCursor(pen, width, style.getPropertyValue('--focus').trim());
    this.headings(parts, width);
  }

  place(width) {
    for (const [left, first, last, room] of this.segments(width)) {
      if (this.cursor.run >= first && this.cursor.run < last) {
        const step = room / (last - first);
        return [left + step * (this.cursor.run - first), Math.max(step, 3)];
      }
    }
    return [0, 3];
  }

  drawCursor(pen, width, colour) {
    if (document.activeElement !== this.canvas) return;
    const [x, w] = this.place(width);
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.strokeRect(x, this.cursor.row * kRow + 1, w, kRow - 2);
  }

  headings(parts, width) {
    this.head.replaceChildren(...parts.map(([left, first, , room], i) => {
      const failed = this.failing > 0 && first < this.failing;
      const count = failed ? this.failing : this.runs.length - this.failing;
      const text = h('span', { class: failed ? 'failing' : 'passing' }, `${count} ${failed ? 'failing' : 'passing'}`);
      text.style.left = `${(100 * left) / width}%`;
      text.style.width = `${(100 * room) / width}%`;
      return text;
    }));
    if (this.failing > 0) {
      const [left, , , room] = parts[0];
      let start = 0;
      for (let run = 1; run <= this.failing; ++run) {
        if (run < this.failing && this.runs[run][2] === this.runs[start][2]) continue;
        const w = (room * (run - start)) / this.failing;
        const of = this.runs[start][2];
        if (this.report.clusters.length > 1 && of >= 0) {
          const mark = h('span', { class: 'cluster-mark', title: this.report.clusters[of]?.endpoint ?? '' }, w > 24 ? `C${of + 1}` : '');
          mark.style.left = `${(100 * (left + (room * start) / this.failing)) / width}%`;
          mark.style.width = `${(100 * w) / width}%`;
          this.head.append(mark);
        }
        start = run;
      }
    }
  }

  tell() {
    const run = this.runs[this.cursor.run];
    const row = this.rows[this.cursor.row];
    const [name, failed, of] = run;
    const cluster = this.report.clusters.length > 1 && of >= 0 ? `, cluster C${of + 1}` : '';
    this.readout.textContent = `${row.title} in run ${name} (${failed ? `failed${cluster}` : 'passed'}): ${kWords[this.cell(this.cursor.run, this.cursor.row)]}`;
  }

  point(event) {
    if (!this.runs) return;
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    this.cursor.row = Math.max(0, Math.min(this.rows.length - 1, Math.floor((event.clientY - box.top) / kRow)));
    for (const [left, first, last, room] of this.segments(box.width)) {
      if (x >= left && x < left + room) this.cursor.run = Math.min(last - 1, first + Math.floor(((x - left) * (last - first)) / room));
    }
    this.tell();
  }

  pressed(event) {
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (event.key === 'Enter') return this.open();
    if (!(event.key in steps) || !this.runs) return undefined;
    event.preventDefault();
    const [down, right] = steps[event.key];
    this.cursor.row = Math.max(0, Math.min(this.rows.length - 1, this.cursor.row + down));
    this.cursor.run = Math.max(0, Math.min(this.runs.length - 1, this.cursor.run + right));
    this.draw();
    return this.tell();
  }

  open() {
    this.select(this.rows[this.cursor.row], true);
  }
}
