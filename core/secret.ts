import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Config } from './config.ts';
import type { Ids } from './ids.ts';

/** The secret of this installation; outside production one is created once, readable by its owner only. */
export function loadSecret(config: Config, ids: Ids): string {
  if (config.JILO_SECRET) return config.JILO_SECRET;
  const file = join(config.JILO_DATA_DIR, 'secret');
  if (!existsSync(file)) {
    mkdirSync(config.JILO_DATA_DIR, { recursive: true });
    const draft = `${file}.${ids.next('new')}`;
    writeFileSync(draft, ids.random(32).toString('base64url'), { mode: 0o600 });
    try {
      linkSync(draft, file); // Fails where another process was first; its secret is used.
    } catch (error) {
      if (!existsSync(file)) throw error;
    } finally {
      rmSync(draft);
    }
  }
  return readFileSync(file, 'utf8').trim();
}
