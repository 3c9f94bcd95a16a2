// How long a page of 10,000 functions and 2,000 runs takes to open, in Chromium from disk.
// The goal: under 2 s. usage: bench.mjs CULPRIT WORK_FOLDER
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [culprit, work] = process.argv.slice(2);
const kFiles = 200;
const kFunctionsOfFile = 50;
const kLinesOfFunction = 6;
const kRuns = 2000;
const kEndpoints = 6;  // and as many kinds of failure

let seed = 7;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

const runs = `${work}/large`;
const source = `${work}/large-source`;
for (const folder of [runs, source]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
for (let file = 0; file < kFiles; ++file) {
  let text = '';
  for (let f = 0; f < kFunctionsOfFile; ++f) {
    text += `int part_${file}_${f}(int a, const std::string& name) {\n  if (a > ${f}) return 0;  // a remark\n  const int b = a * ${f};\n`
      + '  for (int i = 0; i < b; ++i) a += i;\n  log("value", name);\n  return a;\n}\n';
  }
  writeFileSync(`${source}/f${file}.cc`, text);
}
const hits = openSync(`${runs}/hits.jsonl`, 'w');
const results = openSync(`${runs}/responses.jsonl`, 'w');
for (let run = 0; run < kRuns; ++run) {
  const failed = random() < 0.02;
  const lines = [];
  for (let file = 0; file < kFiles; ++file) {
    const touched = run === 0 || random() < 0.1;
    if (!touched) continue;
    for (let f = 0; f < kFunctionsOfFile; ++f) {
      const executed = random() < 0.5;
      if (run !== 0 && !executed) continue;
      for (let line = 0; line < kLinesOfFunction; ++line) {
        const hit = { file: `f${file}.cc`, line: f * 7 + line + 1, count: executed || run !== 0 ? 1 : 0 };
        if (run === 0) hit.function = `part_${file}_${f}(int, std::string const&)`;
        lines.push(hit);
      }
    }
  }
  if (failed) for (let line = 1; line <= 6; ++line) lines.push({ file: 'f3.cc', line: 14 + line, count: 1 });
  writeSync(hits, `${JSON.stringify({ run: `r${run}`, service: 'shop', hits: lines })}\n`);
  writeSync(results, `${JSON.stringify({ run: `r${run}`, method: 'GET', url: `/x${run % kEndpoints}`, status: failed ? 500 : 200 })}\n`);
}
closeSync(hits);
closeSync(results);

const page = `${work}/large.html`;
const before = performance.now();
console.log(execFileSync(culprit, ['rank', runs, '--source', source, '--top', '3', '--out', `html=${page}`], { encoding: 'utf8' }));
console.log(`culprit: ${((performance.now() - before) / 1000).toFixed(2)} s; page: ${(statSync(page).size / 1e6).toFixed(2)} MB`);

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const times = [];
for (let i = 0; i < 5; ++i) {
  const tab = await (await browser.newContext({ offline: true })).newPage();
  await tab.goto(`file://${page}`);
  await tab.waitForSelector('html[data-ready]');
  times.push(await tab.evaluate(() => Number(document.documentElement.dataset.ready)));
  if (i === 4) {
    for (const view of ['request', 'runs', 'services', 'map', 'formulas', 'code']) {
      const started = performance.now();
      await tab.click(`#tab-${view}`);
      await tab.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
      console.log(`${view}: ${(performance.now() - started).toFixed(0)} ms`);
    }
    for (const view of ['code', 'runs', 'map']) {
      await tab.click(`#tab-${view}`);
      const started = performance.now();
      await tab.click(`.cluster[data-cluster="${view.length}"]`);
      await tab.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
      console.log(`another kind of failure, ${view}: ${(performance.now() - started).toFixed(0)} ms`);
    }
  }
  await tab.context().close();
}
await browser.close();
console.log(`ready after ${times.join(', ')} ms`);
// The median: a machine that does other things beside it makes single ones late.
const median = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
process.exit(median < 2000 ? 0 : 1);
