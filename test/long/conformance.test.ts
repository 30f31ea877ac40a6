import { expect, test } from 'vitest';

import { runScript } from '../kit/process.ts';

test('the official suite passes, but for what is listed as not applicable', async () => {
  const { code, stdout } = await runScript('test/conformance/main.ts', [], {});
  expect(stdout).toMatch(/^all scenarios: 32 scenarios, 26 passed, 6 do not apply$/m);
  expect(code).toBe(0);
});
