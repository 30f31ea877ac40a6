/** Settings of a world of its own: no key, no database and no address of the surroundings reaches it. */
export const isolated = {
  NODE_ENV: 'development',
  DATABASE_URL: '',
  PUBLIC_URL: '',
  PORT: '0',
  STORAGE_URL: '',
  JILO_SECRET: '',
  JILO_SECRET_PREVIOUS: '',
  JILO_ACCOUNT: '',
  GEMINI_MODEL: '',
  DISCORD_TOKEN: '',
  FAL_KEY: '',
  RUNWAYML_API_SECRET: '',
  APIFY_TOKEN: '',
  GOOGLE_GENERATIVE_AI_API_KEY: '',
  GOOGLE_CLIENT_ID: '',
  GOOGLE_CLIENT_SECRET: '',
};
