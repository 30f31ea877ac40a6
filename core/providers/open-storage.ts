import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Config } from '../config.ts';
import type { Ids } from '../ids.ts';
import type { Storage } from '../ports/storage.ts';
import { createDiskStorage, diskScratch } from './disk-storage.ts';
import { createS3Storage } from './s3-storage.ts';

/** The storage of these settings, and where its scratch files lie. Connects to nothing yet. */
export function openStorage(
  config: Config,
  ids: Ids,
): { readonly storage: Storage; readonly scratchFolder: string } {
  const { STORAGE_URL: url = '', JILO_DATA_DIR: dataDir } = config;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = config;
  if (!url.startsWith('s3:') || !accessKeyId || !secretAccessKey) {
    const folder = url ? fileURLToPath(url) : join(dataDir, 'files');
    return { storage: createDiskStorage(folder, ids), scratchFolder: diskScratch(folder) };
  }
  const [bucket = '', ...folders] = url.slice('s3://'.length).replace(/\/$/, '').split('/');
  const endpoint = config.S3_ENDPOINT ?? null;
  const scratchFolder = join(dataDir, 'scratch');
  const settings = {
    bucket,
    prefix: folders.join('/'),
    endpoint,
    region: config.S3_REGION,
    accessKeyId,
    secretAccessKey,
    forcePathStyle: config.S3_FORCE_PATH_STYLE ?? endpoint !== null,
    scratchFolder,
  };
  return { storage: createS3Storage(settings, ids), scratchFolder };
}
