// Says on standard error, at the end of a process, every module that it has loaded.
import { registerHooks } from 'node:module';

const loaded = new Set();
registerHooks({
  load(url, context, next) {
    loaded.add(url);
    return next(url, context);
  },
});
process.on('exit', () =>
  process.stderr.write([...loaded].map((url) => `loaded ${url}\n`).join('')),
);
