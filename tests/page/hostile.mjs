// A run set whose every name tries to become markup: usage: hostile.mjs FOLDER
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

export const kHostile = '</script><img src=x onerror=window.hit=1>';

const folder = process.argv[2];
if (folder) {
  for (const old of [folder, `${folder}-source`]) rmSync(old, { recursive: true, force: true });
  mkdirSync(`${folder}/traces`, { recursive: true });
  mkdirSync(`${folder}-source`, { recursive: true });
  const hits = [];
  const results = [];
  const spans = [];
  for (let run = 0; run < 12; ++run) {
    const failed = run < 4;
    const name = `${run} ${kHostile}`;
    const line = (number, count) => ({ file: 'a.cc', line: number, count, function: number < 4 ? `f(${kHostile})` : 'g' });
    hits.push({ run: name, service: kHostile, hits: [line(1, 1), line(2, failed ? 1 : 0), line(4, 1), line(5, failed ? 0 : 1)] });
    const trace = String(run).padStart(32, '1');
    results.push({ run: name, method: 'GET', url: `/x?${kHostile}`, status: failed ? 500 : 200, error: failed ? kHostile : '',
      body: failed ? kHostile : '', trace_id: trace });
    spans.push({ traceId: trace, spanId: String(run).padStart(16, '2'), name: kHostile, kind: 2, startTimeUnixNano: '1000000000',
      endTimeUnixNano: '1005000000', status: { code: failed ? 2 : 1 } });
  }
  const lines = (rows) => `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
  writeFileSync(`${folder}/hits.jsonl`, lines(hits));
  writeFileSync(`${folder}/responses.jsonl`, lines(results));
  writeFileSync(`${folder}/traces/all.json`, JSON.stringify({ resourceSpans: [{
    resource: { attributes: [{ key: 'service.name', value: { stringValue: kHostile } }] }, scopeSpans: [{ spans }] }] }));
  writeFileSync(`${folder}-source/a.cc`, `int f();  // ${kHostile}\nint x = 1; /* ${kHostile} */\n\nint g();\nconst char* s = "${kHostile}";\n`);
}
