import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{bench,bot,core,drizzle,mcp-server,sandbox,scripts,test,web-callbacks}/**/*.test.ts',
    ],
    globalSetup: ['test/kit/global-setup.ts'],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
