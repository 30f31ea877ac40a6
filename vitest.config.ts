import { defineConfig } from 'vitest/config';

const folders = '{bench,bot,core,drizzle,mcp-server,sandbox,scripts,test,web-callbacks}';

/** What takes long runs by `npm test`, and not within `npm run check`. */
const long = [
  'test/long/**/*.test.ts',
  'test/journeys/{alone,chat-agent,chat-discover,chat-making,chat-publishing,chat-studio}.test.ts',
  'test/journeys/{browser,chat-thumbnail,chat-watch,provider-away,quota-race}.test.ts',
  'test/gate/{image,planted}.test.ts',
  'test/attacks/{accounts*,callbacks-forged,secrets-in-logs,ssrf,stored-markup}.test.ts',
  'test/attacks/oauth-{codes,consent,documents,redirects,registration,tokens}.test.ts',
  'test/authorisation/mcp.test.ts',
  'core/{queue,rotate-keys,scope}.test.ts',
  'core/account/{delete,erase,export,merge-*}.test.ts',
  'core/{consent/forge,consent/leash,quota/others,watch/look,picture/expire}.test.ts',
  'core/{conversation/conversation,prompt/write-injection,quota/{mutants,seeds}}.test.ts',
  'core/publication/{count,extra,thumbnail,upload,upload-faults}.test.ts',
  'core/trend/{forecast,forecast-job,import,sample}.test.ts',
  'core/mail/deliver.test.ts',
  'core/providers/{media,media-assemble,media-title,s3-storage,smtp}.test.ts',
  'core/video/{runway,video,assemble,cancel,collect,deadline,delete,dispatch,expire,poster,retry,wait}.test.ts',
  'bot/discord/{acknowledgement,notices-question,server-wallet,gateway,progress,server-rules,user-installed}.test.ts',
  'bot/discord/actions/video-making.test.ts',
  'bot/terminal/chat.test.ts',
  'sandbox/{fal/fal,mail/mail}.test.ts',
  'scripts/{backup/backup,backup/commands,doctor/doctor,doctor/surroundings}.test.ts',
  'web-callbacks/{media,page/live,page/offline,video-page-signed-in}.test.ts',
  'web-callbacks/sign-in/{asvs*,clients,next,providers*,sessions,sign-in,sign-up}.test.ts',
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
