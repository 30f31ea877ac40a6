import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The documents that hosts can show, by the name that is in their address. */
export const documentNames = ['trends', 'video', 'publish'] as const;
export type DocumentName = (typeof documentNames)[number];

/** What each is made of, in this order: a file may use what stands before it. */
const parts: Readonly<Record<DocumentName, readonly string[]>> = {
  trends: ['dom', 'look', 'host', 'trends-words', 'trends'],
  video: ['dom', 'look', 'host', 'follow', 'video-words', 'video'],
  publish: ['dom', 'look', 'host', 'follow', 'publish-words', 'publish-form', 'publish'],
};

const folder = new URL('page/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

/**
 * A whole document without anything to load but pictures and films from `sources`, which are origins. Its own
 * policy lets in exactly its own script and style, whatever the host's allows.
 */
export function composeDocument(name: DocumentName, sources: readonly string[]): string {
  const script = scriptOf(parts[name]);
  const style = read('page.css') + read(`${name}.css`);
  const origins = sources.length > 0 ? sources.join(' ') : "'none'";
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    `img-src ${origins}`,
    `media-src ${origins}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en" data-sources="${sources.join(' ')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Jilo</title>
<style>${style}</style>
</head>
<body>
${read(`${name}.html`)}<script type="module">${script}</script>
</body>
</html>
`;
}

const hashOf = (text: string): string =>
  `sha256-${createHash('sha256').update(text).digest('base64')}`;

const imports = /^import\s[^;]*?\sfrom '\.\/[\w-]+\.js';\n/gmu;

/**
 * The files as one script. They are modules of their own where they are linted; here each has its functions in
 * the scope of all.
 */
function scriptOf(names: readonly string[]): string {
  const script = names
    .map((name) =>
      read(`${name}.js`)
        .replaceAll(imports, '')
        .replaceAll(/^export /gmu, ''),
    )
    .join('\n');
  if (/^(?:import|export)\b/mu.test(script) || /<(?:\/script|!--)/iu.test(script))
    throw new Error(`the script of ${names.at(-1)} cannot stand in a document`);
  return script;
}
