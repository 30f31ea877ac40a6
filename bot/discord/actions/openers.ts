import type { Exchange } from '../exchange.ts';
import { openEditor } from './prompt.ts';
import { openPublishForm, openSuggestion } from './publish-form.ts';
import { showVideo } from './video.ts';

/** A command that begins with more than its operation. */
export type Opener = {
  /** With one of these fields the operation is performed as it is; they are not asked for. */
  readonly unless: readonly string[];
  /** A form has to be the first answer. */
  readonly isForm: boolean;
  readonly open: (exchange: Exchange, input: Record<string, unknown>) => Promise<void>;
};

/** By the name of the operation. */
export const openers: Readonly<Record<string, Opener | undefined>> = {
  video_quote: { unless: ['prompt'], isForm: true, open: openEditor },
  video_generate: { unless: ['quote', 'prompt'], isForm: true, open: openEditor },
  prompt_write: { unless: ['trend', 'idea'], isForm: true, open: openEditor },
  video_show: {
    unless: [],
    isForm: false,
    open: (exchange, { video }) => showVideo(exchange, String(video)),
  },
  publication_suggest: {
    unless: [],
    isForm: false,
    open: (exchange, { video }) => openSuggestion(exchange, String(video)),
  },
  publication_create: {
    unless: ['title'],
    isForm: false,
    open: (exchange, { video }) => openPublishForm(exchange, String(video), null),
  },
};
