import { expect, test } from 'vitest';

import { memoryLimitMb, surviveFaults } from '../../bench/upload-survival.ts';

test('an upload of 256 MiB bears twenty faults, four kills among them', async () => {
  const result = await surviveFaults(256, 'long');
  expect(result).toMatchObject({ status: 'live', videos: 1, isIdentical: true });
  expect(result.faults).toHaveLength(20);
  expect(result.extraBytes).toBeLessThanOrEqual(result.extraBytesLimit);
  expect(result.peakMb).toBeLessThanOrEqual(memoryLimitMb);
}, 600_000);
