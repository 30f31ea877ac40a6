import { defineConfig } from 'vitest/config';

const folders = '{bench,bot,core,drizzle,mcp-server,sandbox,scripts,test,web-callbacks}';

/** What takes long runs by `npm test`, and not within `npm run check`. */
const long = [
  'test/long/**/*.test.ts',
  'test/journeys/{alone,chat-agent,chat-discover,chat-making,chat-publishing,chat-studio}.test.ts',
  'test/journeys/{chat-thumbnail,chat-watch,quota-race}.test.ts',
  'test/gate/{image,planted}.test.ts',
  'test/attacks/{callbacks-forged,secrets-in-logs,ssrf,stored-markup}.test.ts',
  'test/authorisation/mcp.test.ts',
  'core/{queue,rotate-keys,scope}.test.ts',
  'core/{consent/forge,consent/leash,quota/others,watch/look,picture/expire}.test.ts',
  'core/{conversation/conversation,prompt/write-injection,quota/{mutants,seeds}}.test.ts',
  'core/publication/{count,extra,thumbnail,upload,upload-faults}.test.ts',
  'core/trend/{forecast,forecast-job,import,sample}.test.ts',
  'core/providers/{media,media-assemble,media-title,s3-storage}.test.ts',
  'core/video/{runway,video,assemble,cancel,collect,deadline,delete,dispatch,expire,poster,retry}.test.ts',
  'bot/discord/{acknowledgement,notices-question,server-wallet,gateway,progress,server-rules,user-installed}.test.ts',
  'bot/discord/actions/video-making.test.ts',
  'bot/terminal/chat.test.ts',
  'sandbox/fal/fal.test.ts',
  'scripts/{backup/backup,backup/commands,doctor/doctor}.test.ts',
  'web-callbacks/media.test.ts',
  'drizzle/embedded.test.ts',
  'mcp-server/{reads,stdio,token-stays}.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['test/kit/global-setup.ts'],
    maxWorkers: 2,
    // No module keeps anything of a test, and none is replaced by one, so a worker loads each once.
    isolate: false,
    execArgv: ['--import', './scripts/quick-imports.mjs'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'short',
          include: [`${folders}/**/*.test.ts`],
          exclude: long,
          provide: { evals: 'some' },
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          // These two once more, as a whole.
          include: [...long, 'test/evals/evals.test.ts', 'test/deliveries/deliveries.test.ts'],
          provide: { evals: 'all' },
        },
      },
    ],
  },
});
