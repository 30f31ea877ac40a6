import type { Language } from '../material.ts';
import type { Item } from './lists.ts';
import type { Project } from './project.ts';
import { speakEnglish } from './speak-en.ts';
import { speakChinese } from './speak-zh.ts';
import type { When } from './times.ts';
import type { ToolResult } from './results.ts';
import type { Now } from './zone.ts';

type Data = Readonly<Record<string, unknown>>;

/** What the model says to people; every number in it comes from a tool. */
export type Speech = {
  greeting(): string;
  thanks(): string;
  alright(): string;
  help(tools: readonly string[]): string;
  outOfScope(tools: readonly string[]): string;
  /** `tool` is not on offer. */
  cannot(tool: string): string;
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
  plan(quote: ToolResult, prompt: string): string;
  price(quote: ToolResult): string;
  /** A card was just drawn; nothing has happened yet. */
  cardDrawn(): string;
  /** It is still there. */
  cardWaits(title: string): string;
  willPublish(when: When | null): string;
  started(data: Data, project: Project | null): string;
  done(operation: string): string;
  declined(operation: string): string;
  expired(operation: string): string;
  didNotWork(operation: string, why: string): string;
  dropped(hasCard: boolean): string;
  ready(video: string): string;
  videoEnded(video: string, status: string, why: string): string;
  videoState(video: string, state: string, project: Project): string;
  videoDetail(video: ToolResult, project: Project | null): string;
  videos(items: readonly Item[]): string;
  publishCard(video: string, title: string, when: When | null): string;
  published(data: Data, when: When | null): string;
  publicationState(publication: string, status: string, why: string): string;
  scheduled(publication: string, when: When | null): string;
  cannotReschedule(publication: string): string;
  notPublishing(): string;
  timePassed(at: string): string;
  /** `lost`: the channel that has to be connected again; `goesOn`: publishing follows. */
  connect(url: string, lost: string | null, goesOn: boolean): string;
  channelConnected(channel: string): string;
  channels(items: readonly Item[]): string;
  publications(items: readonly Item[]): string;
  quota(result: ToolResult): string;
  history(result: ToolResult): string;
  models(result: ToolResult): string;
  titles(titles: readonly string[]): string;
};

export const speechFor = (language: Language, now: Now): Speech =>
  language === 'zh' ? speakChinese(now) : speakEnglish(now);
