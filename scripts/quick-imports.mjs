import { registerHooks } from 'node:module';

// Node copies the manifest of a package for each of its files, and drizzle-orm's has 179 kB: 0.5 s
// and 250 MB a start. Its own imports are plain file names; ours are looked up once each.
const inside = '/node_modules/drizzle-orm/';
const found = new Map();

// Zod loads its messages in fifty languages, and two are read here.
const zod = '/node_modules/zod/v4/';
const locales = {
  url: new URL('zod-locales.mjs', import.meta.url).href,
  format: 'module',
  shortCircuit: true,
};

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('.') && context.parentURL?.includes(inside))
      return {
        url: new URL(specifier, context.parentURL).href,
        format: 'module',
        shortCircuit: true,
      };
    if (specifier === '../locales/index.js' && context.parentURL?.includes(zod)) return locales;
    if (specifier !== 'drizzle-orm' && !specifier.startsWith('drizzle-orm/'))
      return next(specifier, context);
    const known = found.get(specifier) ?? { ...next(specifier, context), shortCircuit: true };
    found.set(specifier, known);
    return known;
  },
});
