// The report: unpacked from the page, with what views look things up by.
import { levelOf } from './numbers.js';

async function unpacked(element) {
  if (typeof DecompressionStream === 'undefined') {
    throw new Error('this browser is too old to unpack the report: it has no DecompressionStream');
  }
  const packed = atob(element.textContent);
  element.remove();
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; ++i) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
}

const keyOf = (row) => [row.service, row.file ?? '', row.from ?? '', row.name ?? row.title].join('\n');

function prepare(rows) {
  const all = rows.length > 0 && rows[0].p === undefined ? rows : [];
  // Levels of a formula's scores need their range: worked out once for a sample of rows.
  const sample = all.length > 500 ? [all[0], ...all.slice(-1)] : all;
  for (const row of rows) {
    row.key = keyOf(row);
    row.level = levelOf(row, sample);
  }
  return rows;
}

/** What the gate says of each cluster, and of each row of its ranking. */
function addVerdicts(report) {
  for (const verdict of report.gate?.clusters ?? []) {
    const cluster = report.clusters[verdict.cluster];
    cluster.verdict = verdict;
    for (const [row, relation] of verdict.relations) cluster.rows[row].relation = relation;
  }
}

export async function readReport(element) {
  const report = await unpacked(element);
  report.functions = prepare(report.functions ?? []);
  prepare(report.ranking);
  for (const cluster of report.clusters) prepare(cluster.rows);
  report.rowByKey = new Map(report.ranking.map((row) => [row.key, row]));
  for (const row of report.functions) report.rowByKey.set(row.key, row);
  report.functions.forEach((row, i) => { row.at = i; });
  for (const cluster of report.clusters) {
    cluster.rowByKey = new Map(cluster.rows.map((row) => [row.key, row]));
    cluster.heatOf = cluster.heat && new Map(cluster.heat.map((heat) => [heat.file, heat]));
  }
  addVerdicts(report);
  report.heatOf = new Map(report.heat.map((heat) => [heat.file, heat]));
  report.sourceOf = new Map(Object.entries(report.source_of ?? {}).map(([file, at]) => [Number(file), report.sources[at]]));
  report.rowsOfFile = new Map();
  for (const row of report.functions) {
    if (!report.rowsOfFile.has(row.in)) report.rowsOfFile.set(row.in, []);
    report.rowsOfFile.get(row.in).push(row);
  }
  return report;
}

/** The rows of the ranking in tab `cluster` (-1: of all failing runs), and how many there are. */
export function rankingOf(report, cluster) {
  if (cluster >= 0) {
    const { rows, elements, undecided } = report.clusters[cluster];
    return { rows, elements, undecided };
  }
  const whole = report.level === 'function' && report.functions.length > 0;
  return {
    rows: whole ? report.functions : report.ranking,
    elements: report.elements,
    undecided: report.undecided,
  };
}

/** The row for the same code in the ranking of tab `cluster`; undefined: it is not among its first. */
export function rowIn(report, cluster, row) {
  return cluster < 0 ? report.rowByKey.get(row.key) ?? row : report.clusters[cluster].rowByKey.get(row.key);
}

/**
 * The lines of a file in tab `cluster`: by number {heat, ef, ep}, and how many runs fail and pass.
 * `own` tells whether the heat is the cluster's.
 */
export function heatIn(report, cluster, file) {
  const all = report.heatOf.get(file);
  const facts = new Map();
  for (let i = 0; all && i < all.lines.length; ++i) {
    facts.set(all.lines[i], { heat: all.heat[i], ef: all.ef[i], ep: all.ep[i] });
  }
  const heat = cluster < 0 ? undefined : report.clusters[cluster].heatOf;
  if (!heat) return { facts, failing: all?.failing ?? 0, passing: all?.passing ?? 0, own: cluster < 0 };
  // Lines that the cluster does not name are cold, and none of its runs executed them.
  for (const fact of facts.values()) {
    fact.heat = 0;
    fact.ef = 0;
  }
  const part = heat.get(file);
  for (let i = 0; part && i < part.lines.length; ++i) {
    facts.set(part.lines[i], { heat: part.heat[i], ef: part.ef[i], ep: part.ep[i] });
  }
  return { facts, failing: report.clusters[cluster].runs, passing: all?.passing ?? 0, own: true };
}

/** "C2", or nothing where all failing runs are shown. */
export const clusterName = (cluster) => (cluster < 0 ? '' : `C${cluster + 1}`);

export const serviceName = (report, row) => report.services[row.service];

/** "src/a.cc:12", where to look first; empty where traces speak against a service. */
export function placeOf(report, row) {
  return row.in === undefined ? '' : `${report.files[row.in][1]}:${row.line}`;
}
