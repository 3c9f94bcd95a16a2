// Source text as lines of coloured tokens.
import './prism_manual.js';
import Prism from 'prismjs/components/prism-core.js';
import 'prismjs/components/prism-clike.js';
import 'prismjs/components/prism-c.js';
import 'prismjs/components/prism-cpp.js';
import 'prismjs/components/prism-java.js';
import 'prismjs/components/prism-javascript.js';
import 'prismjs/components/prism-typescript.js';
import 'prismjs/components/prism-python.js';
import 'prismjs/components/prism-go.js';
import 'prismjs/components/prism-rust.js';
import 'prismjs/components/prism-csharp.js';

const kLanguages = {
  c: 'c', h: 'cpp', cc: 'cpp', cpp: 'cpp', cxx: 'cpp', hh: 'cpp', hpp: 'cpp', ipp: 'cpp', tcc: 'cpp', inl: 'cpp',
  java: 'java', js: 'javascript', mjs: 'javascript', ts: 'typescript', py: 'python', go: 'go', rs: 'rust', cs: 'csharp',
};
const kMaxCharacters = 500000;

function* flat(tokens, kind) {
  for (const token of tokens) {
    if (typeof token === 'string') {
      yield [kind, token];
    } else {
      const content = Array.isArray(token.content) ? token.content : [token.content];
      yield* flat(content, token.type);
    }
  }
}

/** By line: [[kind, text], ...]. */
export function highlighted(path, text) {
  const language = Prism.languages[kLanguages[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]];
  const plain = text.replaceAll('\r\n', '\n');
  const tokens = language && plain.length <= kMaxCharacters ? Prism.tokenize(plain, language) : [plain];
  const lines = [[]];
  for (const [kind, part] of flat(tokens, '')) {
    const pieces = part.split('\n');
    pieces.forEach((piece, i) => {
      if (i > 0) lines.push([]);
      if (piece !== '') lines[lines.length - 1].push([kind, piece]);
    });
  }
  if (lines.length > 1 && lines[lines.length - 1].length === 0) lines.pop();
  return lines;
}
