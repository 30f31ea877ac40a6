import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What a page can be told to run; each works without it too. */
export type ScriptName = 'forms' | 'video';

/** What each is made of, in this order: a file may use what stands before it. */
const parts: Readonly<Record<ScriptName, readonly string[]>> = {
  forms: ['line', 'forms', 'live'],
  video: ['line', 'forms', 'video'],
};

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const imports = /^import\s[^;]*?\sfrom '\.\/[\w-]+\.js';\n/gmu;

/** What is written for whoever changes a script. */
const comments = /^\s*(?:\/\*[\s\S]*?\*\/|\/\/.*)\n/gmu;

/** The files as one script: they are modules where they are linted, and have one scope in a page. */
function scriptOf(names: readonly string[]): string {
  const script = names
    .map((name) =>
      read(`${name}.js`)
        .replaceAll(imports, '')
        .replaceAll(/^export /gmu, '')
        .replaceAll(comments, ''),
    )
    .join('\n');
  if (/^(?:import|export)\b/mu.test(script) || /<(?:\/script|!--)/iu.test(script))
    throw new Error(`the script of ${names.at(-1)} cannot stand in a page`);
  return script;
}

/** Indentation and comments are for whoever changes the style. */
const style = read('page.css')
  .replaceAll(/\/\*[\s\S]*?\*\//gu, '')
  .replaceAll(/\n\s*/gu, '\n');

const scripts: Readonly<Record<ScriptName, string>> = {
  forms: scriptOf(parts.forms),
  video: scriptOf(parts.video),
};

/** Goes into the Content-Security-Policy: no other style is taken in our pages. */
export const styleHash = hashOf(style);

/** The same for the script of a page: exactly this runs, and none that somebody has written into it. */
export const scriptHash = (name: ScriptName): string => hashOf(scripts[name]);

// Whole, so that no formatter of markup moves a byte that a hash is over.
export const styleElement = `<style>${style}</style>`;

/** @returns the script as it stands in a page. */
export const scriptElement = (name: ScriptName): string =>
  `<script type="module">${scripts[name]}</script>`;
