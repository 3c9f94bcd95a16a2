// Figures as people read them, and how hot they are.

/** -inf and inf are words in the data. */
export function real(value) {
  return value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value;
}

export function percent(p) {
  if (p >= 0.9995) return '100%';
  return p >= 0.0005 ? `${(100 * p).toFixed(1)}%` : '<0.1%';
}

export function score(row) {
  if (row.p !== undefined) return percent(row.p);
  const value = real(row.score);
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : value > 0 ? '∞' : '−∞';
}

/** 12, or 11.7 where outcomes are not certain. */
export function amount(value) {
  return Math.abs(value - Math.round(value)) < 1e-9 ? String(Math.round(value)) : value.toFixed(1);
}

export const share = (part, all) => `${amount(part)}/${amount(all)}`;

export const ranks = ([best, worst]) => (best === worst ? `${best}` : `${best}–${worst}`);

/** 0 (not at all) to 9, of a share in [0, 1]. Shares below one in a hundred still show. */
export function level(part) {
  if (!(part > 0)) return 0;
  return Math.min(9, Math.max(1, Math.ceil(9 * Math.sqrt(part))));
}

/** Of a row among `rows`: by its probability, or where its score lies between theirs. */
export function levelOf(row, rows) {
  if (row.p !== undefined) return row.p < 0.0005 ? 0 : level(row.p);
  const value = real(row.score);
  if (value === Infinity) return 9;
  const finite = rows.map((other) => real(other.score)).filter(Number.isFinite);
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!Number.isFinite(value) || !(high > low)) return 0;
  return Math.ceil((9 * (value - low)) / (high - low));
}

export function duration(ms) {
  if (ms >= 10000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 100) return `${ms.toFixed(0)} ms`;
  return `${ms.toFixed(ms >= 10 ? 1 : 2)} ms`;
}

/** 1 -> A, 27 -> AA: how the other outputs name ambiguity groups. */
export function letters(number) {
  let text = '';
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  }
  return text;
}
