import type { Exchange } from '../exchange.ts';
import { openEditor, showCheck } from './prompt.ts';
import { openPublishForm, openSuggestion } from './publish-form.ts';
import { showQuote } from './quote.ts';
import { showVideo } from './video.ts';

/** A command that begins with more than its operation. */
export type Opener = {
  /** With one of these fields the operation is performed as it is; they are not asked for. */
  readonly unless: readonly string[];
  /** A form has to be the first answer. */
  readonly isForm: boolean;
  readonly open: Open;
  /** How it is answered with one of these fields, where the operation's card is not enough. */
  readonly otherwise?: Open;
};

type Open = (exchange: Exchange, input: Record<string, unknown>) => Promise<void>;

/** By the name of the operation. */
export const openers: Readonly<Record<string, Opener | undefined>> = {
  video_quote: { unless: ['prompt'], isForm: true, open: openEditor, otherwise: showQuote },
  video_generate: { unless: ['quote', 'prompt'], isForm: true, open: openEditor },
  prompt_write: { unless: ['trend', 'idea'], isForm: true, open: openEditor },
  prompt_check: { unless: [], isForm: false, open: showCheck },
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
