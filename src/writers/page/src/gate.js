// What `culprit gate` decided: a line that says it, the chosen failure's reason, and all reasons.
import { h, plural } from './dom.js';
import { clusterName } from './report.js';

const kStates = {
  red: 'new fault',
  candidate: 'candidate',
  confirmed: 'confirmed, not red',
  suppressed: 'suppressed',
  known: 'known',
};

export const stateBadge = (verdict) => h('span', { class: `state ${verdict.state}` }, kStates[verdict.state]);

export class GateLine {
  /** `choose(cluster)`: a failure was chosen. */
  constructor(report, choose) {
    this.report = report;
    this.choose = choose;
    this.reason = h('p', { class: 'reason', role: 'status' });
    const { gate } = report;
    const against = [gate.baseline && `baseline ${gate.baseline}`, gate.change && `change since ${gate.change}`].filter(Boolean);
    this.element = h('section', { id: 'gate', 'aria-label': 'Verdict of the gate', class: gate.red ? 'red' : '' },
      h('p', { class: 'answer' }, h('b', {}, gate.answer), `, ${gate.headline}`,
        against.length > 0 ? h('span', { class: 'muted' }, `  ${against.join(', ')}`) : null),
      this.reason,
      this.all());
  }

  named(verdict) {
    const { clusters } = this.report;
    const { endpoint, kind } = clusters[verdict.cluster];
    return [clusters.length > 1 ? clusterName(verdict.cluster) : '', endpoint, kind].filter(Boolean).join('  ');
  }

  /** The reason for the failure in tab `cluster`, else for the first one. */
  show(cluster) {
    const { clusters } = this.report.gate;
    const verdict = clusters.find((other) => other.cluster === cluster) ?? clusters[0];
    this.reason.replaceChildren();
    if (!verdict) return;
    this.reason.append(stateBadge(verdict), ' ', h('b', {}, this.named(verdict)), `: ${verdict.because}`);
    if (verdict.remedies.length > 0) this.reason.append(h('span', { class: 'muted' }, ` → ${verdict.remedies.join('; ')}`));
  }

  all() {
    const { gate, clusters } = this.report;
    const lists = [
      ['Failures of the baseline that did not happen', gate.fixed],
      ['Endpoints with known failures that no run asked', gate.unasked],
      ['Suppressions to clear away', gate.stale],
      ['Notes', gate.notes],
    ].filter(([, lines]) => lines.length > 0);
    if (gate.clusters.length < 2 && lists.length === 0) return null;
    const choose = (verdict) => this.choose(clusters.length > 1 ? verdict.cluster : -1);
    return h('details', {},
      h('summary', {}, [plural(gate.clusters.length, 'kind') + ' of failure', ...lists.map(([title, lines]) => `${title.toLowerCase()}: ${lines.length}`)].join(' · ')),
      h('ul', { class: 'verdicts' }, gate.clusters.map((verdict) => h('li', {}, stateBadge(verdict), ' ',
        h('button', { type: 'button', class: 'link', onclick: () => choose(verdict) }, this.named(verdict)), `: ${verdict.because}`))),
      lists.map(([title, lines]) => [h('h3', {}, title), h('ul', { class: 'plain' }, lines.map((line) => h('li', {}, line)))]));
  }
}
