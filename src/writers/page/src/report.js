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

export async function readReport(element) {
  const report = await unpacked(element);
  report.functions = prepare(report.functions ?? []);
  prepare(report.ranking);
  for (const cluster of report.clusters) prepare(cluster.rows);
  report.rowByKey = new Map(report.ranking.map((row) => [row.key, row]));
  for (const row of report.functions) report.rowByKey.set(row.key, row);
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

export const serviceName = (report, row) => report.services[row.service];

/** "src/a.cc:12", where to look first. */
export function placeOf(report, row) {
  return `${report.files[row.in][1]}:${row.line}`;
}
