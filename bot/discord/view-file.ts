import { readFile } from 'node:fs/promises';

import type { ViewFile } from './view.ts';

/** The bytes of a file that goes with a message. */
export const readViewFile = (file: ViewFile): Promise<Buffer> =>
  'data' in file ? Promise.resolve(file.data) : readFile(file.path);
