import type { Conversation } from './conversation.ts';
import { consent } from './conversations/consent.ts';
import { finding } from './conversations/finding.ts';
import { injections } from './conversations/injections.ts';
import { looking } from './conversations/looking.ts';
import { making } from './conversations/making.ts';
import { memory } from './conversations/memory.ts';
import { others } from './conversations/others.ts';
import { publishing } from './conversations/publishing.ts';
import { studio } from './conversations/studio.ts';
import { trouble } from './conversations/trouble.ts';
import { wayward } from './conversations/wayward.ts';
import { wholeWayEn } from './conversations/whole-way-en.ts';
import { wholeWayZh } from './conversations/whole-way-zh.ts';

/**
 * Every conversation that is held. To add one, write it as data into a file of `conversations/`:
 * `conversation.ts` says what each field means, and `npm run eval` prints how it went.
 */
export const conversations: readonly Conversation[] = [
  ...wholeWayZh,
  ...wholeWayEn,
  ...finding,
  ...making,
  ...studio,
  ...publishing,
  ...looking,
  ...consent,
  ...trouble,
  ...memory,
  ...injections,
  ...wayward,
  ...others,
];
