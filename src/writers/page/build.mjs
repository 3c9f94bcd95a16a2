// Makes page.html of src/: one file, its script and style allowed by their hashes and nothing else.
// --check compares with the page.html that is there, and fails when it differs.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

async function bundled(entry) {
  const result = await build({
    absWorkingDir: here,
    bundle: true,
    charset: 'utf8',
    define: { global: 'window' },  // where prism's languages look for prism
    entryPoints: [entry],
    format: 'iife',
    legalComments: 'none',  // the notices below have the whole texts
    minify: true,
    target: ['chrome103', 'firefox113', 'safari16.4'],  // the first with DecompressionStream
    write: false,
  });
  const text = result.outputFiles[0].text.trim();
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${entry} would end its element early`);
  return text;
}

function hash(text) {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function notice(name) {
  const folder = `${here}node_modules/${name}/`;
  const { version } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  return `${name} ${version}\n\n${readFileSync(`${folder}LICENSE`, 'utf8').trim()}`;
}

const script = await bundled('src/main.js');
const style = await bundled('src/page.css');
const policy = [
  `default-src 'none'`,
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ');
const notices = ['d3-hierarchy', 'prismjs'].map(notice).join('\n\n').replaceAll('--', '- -');

const html = readFileSync(`${here}src/page.html`, 'utf8')
  .replace('@notices@', () => notices)
  .replace('@policy@', () => policy)
  .replace('@style@', () => style)
  .replace('@script@', () => script);

if (process.argv.includes('--check')) {
  if (readFileSync(`${here}page.html`, 'utf8') !== html) {
    console.error('src/writers/page/page.html is not what its sources make: npm run build');
    process.exit(1);
  }
} else {
  writeFileSync(`${here}page.html`, html);
  console.log(`page.html: ${Buffer.byteLength(html)} bytes`);
}
