// Function names as people scan them: the name itself first, what it lies in dimmed.
import { h } from './dom.js';

const kUnnamed = '(anonymous namespace)::';

/** Without what says little in a list. */
export const brief = (name) => name.replaceAll(kUnnamed, '');

/** ["shop::stock::", "search(…)"] */
export function split(name) {
  let depth = 0;
  let cut = 0;
  for (let i = 0; i < name.length; ++i) {
    const c = name[i];
    if (c === '<' || c === '[') ++depth;
    else if (c === '>' || c === ']') --depth;
    else if (c === '(' && i > 0) break;
    else if (depth === 0 && name.startsWith('::', i)) cut = i + 2;
    else if (depth === 0 && c === '#') cut = i + 1;
  }
  return [name.slice(0, cut), name.slice(cut)];
}

export function named(title) {
  const [scope, name] = split(brief(title));
  return h('span', { class: 'named' }, scope ? h('span', { class: 'scope' }, scope) : null, h('span', { class: 'own' }, name));
}

export const baseName = (path) => path.slice(path.lastIndexOf('/') + 1);
