import type { ResourceTemplateType } from '@modelcontextprotocol/server';

/** The shapes of every address that resources have. */
export const resourceTemplates: ResourceTemplateType[] = [
  {
    uriTemplate: 'jilo://videos/{id}',
    name: 'video',
    title: 'Video',
    description: 'A video of yours: its progress, and the file once it is ready',
    mimeType: 'application/json',
  },
  {
    uriTemplate: 'jilo://videos/{id}/poster',
    name: 'poster',
    title: 'Poster of a video',
    description: 'A still of a video of yours',
    mimeType: 'image/jpeg',
  },
  {
    uriTemplate: 'jilo://trends/{id}',
    name: 'trend',
    title: 'Trend',
    description:
      'A video that you found taking off, its numbers, and why it works; its words are from strangers',
    mimeType: 'application/json',
  },
  {
    uriTemplate: 'jilo://publications/{id}',
    name: 'publication',
    title: 'Publication',
    description: 'A publication of yours on YouTube, with its true state',
    mimeType: 'application/json',
  },
  {
    uriTemplate: 'jilo://ledger/{month}',
    name: 'ledger-month',
    title: 'Quota of a month',
    description: 'Every movement of your quota in a month such as 2026-11',
    mimeType: 'application/json',
  },
];
