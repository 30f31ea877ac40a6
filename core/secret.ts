import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { secretsIn, type Config } from './config.ts';
import type { Secrets } from './crypto.ts';
import type { Ids } from './ids.ts';

const fileOf = (config: Config): string => join(config.JILO_DATA_DIR, 'secret');
/** The secret before the created one, while something may still be sealed under it. */
const previousFileOf = (config: Config): string => `${fileOf(config)}.previous`;

const ownerOnly = { mode: 0o600, flush: true };
const newSecret = (ids: Ids): string => ids.random(32).toString('base64url');

/** The secrets of this installation; outside production one is created once, readable by its owner only. */
export function loadSecrets(config: Config, ids: Ids): Secrets {
  const { JILO_SECRET, JILO_SECRET_PREVIOUS } = config;
  const older = JILO_SECRET_PREVIOUS ? secretsIn(JILO_SECRET_PREVIOUS) : [];
  if (JILO_SECRET) return { current: JILO_SECRET, previous: older };
  // In this order: the previous one is written before the current one is replaced.
  const current = readOrCreate(config, ids);
  const replaced = readPrevious(config);
  return { current, previous: replaced === null ? older : [replaced, ...older] };
}

function readOrCreate(config: Config, ids: Ids): string {
  const file = fileOf(config);
  if (!existsSync(file)) {
    mkdirSync(config.JILO_DATA_DIR, { recursive: true });
    const draft = `${file}.${ids.next('new')}`;
    writeFileSync(draft, newSecret(ids), ownerOnly);
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

function readPrevious(config: Config): string | null {
  const file = previousFileOf(config);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/**
 * Puts a new secret in the place of the created one and keeps that as the previous one. A replacement
 * that has begun, even one that broke off half-way, is gone on with; a secret that is set is left alone.
 * The caller sees to it that one process at a time does this.
 */
export function replaceSecret(config: Config, ids: Ids): void {
  if (config.JILO_SECRET) return;
  const current = readOrCreate(config, ids);
  const previous = readPrevious(config);
  if (previous !== null && previous !== current) return;
  writeWhole(previousFileOf(config), current, ids);
  writeWhole(fileOf(config), newSecret(ids), ids);
}

/** Never leaves half a file, wherever it breaks off. */
function writeWhole(file: string, text: string, ids: Ids): void {
  const draft = `${file}.${ids.next('new')}`;
  writeFileSync(draft, text, ownerOnly);
  renameSync(draft, file);
}

/** Removes the previous secret, once nothing needs it. */
export function forgetPreviousSecret(config: Config): void {
  rmSync(previousFileOf(config), { force: true });
}
