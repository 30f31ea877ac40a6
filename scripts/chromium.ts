import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { chromium, type Browser } from 'playwright-core';

import { ConfigError, loadSurroundings } from '../core/config.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * Starts the Chromium of this machine, without a window.
 * @throws ConfigError that says how to install it, where there is none.
 */
export async function launchChromium(): Promise<Browser> {
  // Its own sandbox does not start for root and in many containers; only our own pages are opened.
  return chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
}

function findChromium(): string {
  const folders = loadSurroundings().path.split(delimiter);
  const found = folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable);
  if (found) return found;
  throw new ConfigError(
    'Chromium is not installed. On Debian and Ubuntu: apt-get install -y --no-install-recommends chromium fonts-noto-cjk fonts-noto-color-emoji',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
