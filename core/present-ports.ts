import type { Config } from './config.ts';
import type { Ports } from './context.ts';

const always: readonly (keyof Ports)[] = [
  'storage',
  'mediaTools',
  'charts',
  'pictures',
  'thumbnails',
];

/**
 * The ports that an installation with these settings has, without opening it. Outside production
 * what has no key is emulated.
 */
export function presentPorts(config: Config): ReadonlySet<keyof Ports> {
  const isEmulated = config.NODE_ENV !== 'production';
  const has = (...keys: readonly (string | undefined)[]) =>
    isEmulated || keys.every((key) => key !== undefined);
  const { FAL_KEY, RUNWAYML_API_SECRET, APIFY_TOKEN, GOOGLE_GENERATIVE_AI_API_KEY } = config;
  const { GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET } = config;
  const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, SMTP_URL, MAIL_FROM } = config;
  const keyed: readonly (readonly [keyof Ports, boolean])[] = [
    ['videoModels', has(FAL_KEY) || has(RUNWAYML_API_SECRET)],
    ['trendSource', has(APIFY_TOKEN)],
    ['languageModel', has(GOOGLE_GENERATIVE_AI_API_KEY)],
    ['chatModel', has(GOOGLE_GENERATIVE_AI_API_KEY)],
    ['videoHost', has(GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET)],
    ['payments', has(STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET)],
    ['mailer', has(SMTP_URL, MAIL_FROM)],
  ];
  return new Set([...always, ...keyed.filter(([, isThere]) => isThere).map(([port]) => port)]);
}
