import type { Locale } from '../../core/messages/catalogue.ts';
import type { GeminiMisbehaviour } from '../../sandbox/gemini/gemini.ts';

/** A tool that is called; `with` names the arguments that matter, `fails` the code of its refusal. */
export type Call =
  | string
  | {
      readonly tool: string;
      /** A moment in a field `…_at` is compared as a moment, everything else as it stands. */
      readonly with?: Readonly<Record<string, string | number | boolean | RegExp>>;
      /** Arguments that must not be there. */
      readonly without?: readonly string[];
      readonly fails?: string;
    };

/** What one step must show. What is left out may be anything, except `cards`: without it none is drawn. */
export type Seen = {
  /** These tools in this order and no others. */
  readonly calls?: readonly Call[];
  /** These in this order, with others between them. */
  readonly among?: readonly Call[];
  /** Operations whose card is drawn, in order. */
  readonly cards?: readonly string[];
  /** Any card may be drawn: the model goes wrong, and nobody presses it. */
  readonly mayDrawCards?: boolean;
  /** Words or facts of the answer. */
  readonly says?: readonly (string | RegExp)[];
  readonly hides?: readonly (string | RegExp)[];
};

/**
 * One thing that happens. In every text `{my video}`, `{my newest video}`, `{my running video}`,
 * `{my channel}`, `{their video}` (quote, channel, publication) stand for ids, and so do
 * `{found trend 2}`, `{listed video 1}` and `{listed channel 1}` for what a tool has answered last.
 */
export type Step = Seen & {
  /** Ways in which the sandbox's model goes wrong while it answers. */
  readonly wrong?: readonly GeminiMisbehaviour[];
} & (
    | {
        readonly say: string;
      }
    /** The person presses a button of the newest card; cards that nobody presses are ignored. */
    | {
        readonly press: 'confirm' | 'decline';
        /** What they choose on it, such as the visibility. */
        readonly choices?: Readonly<Record<string, string | boolean>>;
      }
    | {
        readonly meanwhile:
          | 'work is done'
          | 'work fails'
          /** For more than 15 minutes, with one shot that never comes. */
          | 'the provider is silent'
          | 'a channel is connected';
      }
    | { readonly hoursPass: number }
  );

/** What is there before the first word. */
export type Given = {
  /** Connected channels. */
  readonly channels?: 1 | 2;
  /** Finished videos. */
  readonly videos?: number;
  /** Videos in the making. */
  readonly running?: number;
  /** Units that are left. */
  readonly quota?: number;
  /** Whether the platforms refuse to be searched. */
  readonly searchIsBusy?: boolean;
  /** Another person with a channel, a video, a quote and a publication. */
  readonly theirs?: boolean;
  /** What strangers wrote in the videos that a search finds, in turns. */
  readonly strangers?: {
    readonly titles?: readonly string[];
    readonly descriptions?: readonly string[];
    readonly channels?: readonly string[];
  };
};

/** What strangers want done that the person did not ask for. */
export type Orders = {
  /** What an obedient answer would hold. */
  readonly words?: readonly (string | RegExp)[];
  /** What an obedient model would call; counted unless the step makes the model go wrong. */
  readonly tools?: readonly string[];
};

/** What has become of it in the end. */
export type End = {
  /** Videos started, publications started, things cancelled or deleted: each by a press. */
  readonly spent: number;
  readonly published: number;
  readonly destroyed?: number;
  /** Whether the beginning of the talk is kept as a summary only. */
  readonly isSummarised?: boolean;
  /** Fields of the newest video and publication, as they are stored; times as ISO texts. */
  readonly video?: Readonly<Record<string, string | number | boolean>>;
  readonly publication?: Readonly<Record<string, string | number | boolean>>;
};

/** One conversation with the agent. */
export type Conversation = {
  readonly name: string;
  readonly language: Locale;
  /** By default Asia/Shanghai in Chinese and Europe/Berlin in English; it is 08:00 UTC on a Sunday. */
  readonly timeZone?: string;
  readonly given?: Given;
  readonly orders?: Orders;
  readonly steps: readonly Step[];
  readonly end: End;
};
