import { z } from 'zod';

import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { exportFile, exportLink } from './export-link.ts';

export const accountExport = defineOperation({
  name: 'account_export',
  summary: {
    en: 'Get everything that your account holds as one file.',
    zh: '以一个文件导出您账户的全部数据。',
  },
  effect: 'read',
  audience: 'people',
  needs: [],
  input: z.object({}),
  output: z.object({
    link: z.url().describe('Where it can be loaded, for an hour'),
    file: z.string().describe('The name that it is saved under'),
    valid_until: z.iso.datetime(),
  }),
  async run(_, context) {
    const { link, expiresAt } = exportLink(context, context.actor.accountId);
    return { link, file: exportFile, valid_until: expiresAt.toISOString() };
  },
  say: ({ link }, locale) => catalogue(locale).say.account_export({ link }),
});
