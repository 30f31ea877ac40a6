import { z } from 'zod';

import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { loadReader } from '../prompt/read-text.ts';
import { readVideo } from '../video/show.ts';
import { briefOf, readFacts } from './suggest-brief.ts';
import { askModel } from './suggest-model.ts';
import { writeTexts } from './suggest-write.ts';

export const publicationSuggest = defineOperation({
  name: 'publication_suggest',
  summary: {
    en: 'Suggest titles, description and tags for a video.',
    zh: '为视频推荐标题、描述和标签。',
  },
  guidance:
    'Let the person choose and change, then publication_create. The links line is empty: ask, or leave it out.',
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({ video: z.string().min(1).describe('Id of the video') }),
  output: z.object({
    titles: z.array(z.string()).length(3),
    description: z.string(),
    tags: z.string().describe('Comma-separated'),
    written_by: z.enum(['model', 'rules']),
  }),
  async run({ video: id }, context) {
    const facts = await readFacts(context, await readVideo(context, id));
    const brief = briefOf(facts, context.locale, await loadReader());
    const { titles, description, tags, writtenBy } = writeTexts(
      brief,
      await askModel(context, brief),
    );
    return { titles, description, tags: tags.join(', '), written_by: writtenBy };
  },
  say: ({ titles }, locale) =>
    catalogue(locale).say.publication_suggest({ title: titles[0] ?? '' }),
});
