/** What of an operation's answer the model gets, where the general rule does not fit. */
export type Projection = {
  /** Fields of the answer; absent: all. */
  readonly keep?: readonly string[];
  /** Fields of the entries of a list, by the list's name; absent: all. */
  readonly keepIn?: Readonly<Record<string, readonly string[]>>;
  /** Texts that we have written ourselves. */
  readonly ours?: readonly string[];
  /** Addresses that the person may be given. */
  readonly links?: readonly string[];
  /** How many entries of a list are told, where the common limit is too few. */
  readonly entries?: number;
  /** Acts for the person who holds it: where others read along, the surface alone hands it over. */
  readonly isPersonal?: boolean;
  /** The longest text, in characters, where the common limit is too short. */
  readonly characters?: number;
};

const trendFields = [
  'id',
  'platform',
  'title',
  'channel',
  'score',
  'views',
  'likes',
  'published_at',
];

/** An operation without a line here is shortened by the general rule alone, and its links are left out. */
export const projections: Readonly<Record<string, Projection>> = {
  trend_search: {
    keep: ['search', 'status', 'trends', 'notes', 'age_minutes'],
    keepIn: { trends: trendFields },
    ours: ['notes'],
  },
  trend_list: { keep: ['trends', 'searches'], keepIn: { trends: trendFields } },
  watch_create: { characters: 100 },
  trend_show: {
    keep: [
      ...trendFields,
      'like_rate',
      'duration_seconds',
      'attraction',
      'factors',
      'hook',
      'pacing',
      'recommendation',
      'watched',
      'watch_problem',
      'can_watch',
    ],
  },
  prompt_write: { characters: 500 },
  prompt_check: { characters: 500 },
  model_list: {
    entries: 10,
    keepIn: { models: ['id', 'label', 'shapes', 'speed', 'quality', 'cost'] },
    ours: ['label', 'speed', 'quality', 'cost'],
  },
  video_quote: {
    keep: [
      'quote',
      'model',
      'seconds',
      'shape',
      'fitted',
      'style',
      'tone',
      'pace',
      'fit',
      'captions',
      'voice',
      'quota',
      'estimated_usd',
      'expected_minutes',
      'expires_at',
    ],
  },
  video_show: {
    keep: [
      'video',
      'status',
      'percent',
      'eta_seconds',
      'model',
      'seconds',
      'shape',
      'prompt',
      'why',
      'quota',
      'can_retry',
      'takes',
      'url',
    ],
    links: ['url'],
  },
  video_list: { ours: ['status'], characters: 120 },
  channel_connect: { links: ['url'], isPersonal: true },
  publication_suggest: { characters: 1500 },
  publication_show: {
    keep: [
      'publication',
      'status',
      'percent',
      'url',
      'why',
      'video',
      'channel',
      'title',
      'privacy',
      'publish_at',
      'thumbnail',
      'thumbnail_status',
      'thumbnail_note',
      'forecast',
    ],
    links: ['url'],
  },
  publication_list: {
    keepIn: {
      publications: ['publication', 'status', 'title', 'video', 'privacy', 'url', 'publish_at'],
    },
    links: ['url'],
    characters: 120,
  },
  stats_show: {
    keep: ['days', 'totals', 'hidden', 'read', 'waiting', 'publications', 'more'],
    keepIn: {
      publications: [
        'publication',
        'title',
        'views',
        'likes',
        'comments',
        'views_gained',
        'read_at',
      ],
    },
    characters: 120,
  },
};
