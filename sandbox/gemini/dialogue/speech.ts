import type { Language } from '../material.ts';
import type { Item } from './lists.ts';
import type { Named } from './names.ts';
import type { Project } from './project.ts';
import { speakEnglish } from './speak-en.ts';
import { speakChinese } from './speak-zh.ts';
import type { When } from './times.ts';
import type { ToolResult } from './results.ts';
import type { Now } from './zone.ts';

/** What the model says to people; every number in it comes from a tool, and no id that the person does not use. */
export type Speech = {
  greeting(): string;
  thanks(): string;
  alright(): string;
  help(tools: readonly string[]): string;
  outOfScope(tools: readonly string[]): string;
  /** `tool` is not on offer. */
  cannot(tool: string): string;
  /** No tool does it, but this command of the person's. */
  showAccount(command: string): string;
  changeLanguage(command: string): string;
  failure(result: ToolResult): string;
  said(result: ToolResult): string;
  noted(): string;
  /** No more calls are allowed now, and this one would be next. */
  pausedBefore(tool: string): string;
  askTopic(isSearch: boolean): string;
  askSeconds(asked: number, lengths: readonly string[]): string;
  askTime(words: string): string;
  askTitle(): string;
  askTrend(): string;
  askVideo(ready: readonly Item[]): string;
  askChannel(channels: readonly Item[]): string;
  nothingFound(topic: string): string;
  trends(items: readonly Item[], topic: string): string;
  tookUp(trend: Item, count: number): string;
  story(trend: ToolResult): string;
  prompt(prompt: string): string;
  /** The card beside it shows the prompt. */
  plan(quote: ToolResult, takes: number): string;
  price(quote: ToolResult): string;
  /** A card was just drawn; nothing has happened yet. */
  cardDrawn(): string;
  /** It is still there. */
  cardWaits(title: string): string;
  willPublish(when: When | null): string;
  /** `left`: the quota that is left, where no card tells it. */
  started(left: string | null, project: Project | null): string;
  done(operation: string): string;
  declined(operation: string): string;
  expired(operation: string): string;
  didNotWork(operation: string, why: string): string;
  dropped(hasCard: boolean): string;
  /** In the middle of a sentence. */
  thing(video: Named): string;
  ready(video: Named): string;
  videoEnded(video: Named, status: string, why: string): string;
  videoState(video: Named, state: string, project: Project): string;
  videoDetail(result: ToolResult, video: Named, project: Project | null): string;
  videos(items: readonly Item[]): string;
  /** A prompt that is not allowed: the word, and a safer wording where there is one. */
  refused(result: ToolResult): string;
  /** What a check of a prompt brought. */
  checked(result: ToolResult): string;
  askPrompt(): string;
  askReword(): string;
  /** One take of several; `left` are still in the making. */
  takeEnded(take: number, isReady: boolean, left: number): string;
  pickTake(takes: readonly Item[]): string;
  offerRetry(video: Named, why: string): string;
  publishCard(video: Named, title: string, when: When | null): string;
  published(video: Named, when: When | null): string;
  publicationState(video: Named, status: string, why: string): string;
  scheduled(video: Named, when: When | null): string;
  cannotReschedule(video: Named): string;
  notPublishing(): string;
  timePassed(at: string): string;
  /** Without a url the link is on a card; `lost`: the channel that has to be connected again; `goesOn`: publishing follows. */
  connect(url: string, lost: string | null, goesOn: boolean): string;
  channelConnected(): string;
  channels(items: readonly Item[]): string;
  publications(items: readonly Item[]): string;
  quota(result: ToolResult): string;
  history(result: ToolResult): string;
  models(result: ToolResult): string;
  titles(titles: readonly string[]): string;
};

export const speechFor = (language: Language, now: Now): Speech =>
  language === 'zh' ? speakChinese(now) : speakEnglish(now);
