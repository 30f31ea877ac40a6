import { defineConfig } from 'vitest/config';

/** `npm run eval`: the conversations alone, with Gemini itself where its key is set. */
export default defineConfig({
  test: {
    include: ['test/evals/evals.test.ts'],
    globalSetup: ['test/kit/global-setup.ts'],
    provide: { evals: 'live' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
