import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,drizzle,mcp-server,sandbox,scripts,test,web-callbacks}/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
