import type { AutocompleteInteraction } from 'discord.js';
import { z } from 'zod';

import { followLanguage } from '../../core/account/language.ts';
import { catalogue, localeOf } from '../../core/messages/catalogue.ts';
import { perform } from '../../core/operation.ts';
import { platforms, type Platform } from '../../core/ports/trend-source.ts';
import type { Context } from '../../core/context.ts';
import { videoShow } from '../../core/video/show.ts';
import { operationOf } from './command-input.ts';
import { memberOf } from './member.ts';
import type { Parts } from './parts.ts';
import { contextOf, openMember } from './person.ts';
import { channelIdsOf } from './place.ts';
import { readRules, refusalOf } from './server-rules.ts';
import { cut } from './view.ts';

export type Suggestion = { readonly name: string; readonly value: string };

/** Discord shows so many. */
const most = 25;
/** As far back as videos and publications are listed, to be filtered by what is typed. */
const longest = 50;
/** Of failed videos so many are looked at. */
const mostFailed = 10;
/** Discord waits 3 seconds; what is not there by then is not shown. */
const patienceMs = 2000;

const lists = {
  trend: z.object({
    trends: z.array(z.looseObject({ id: z.string(), title: z.string(), score: z.number() })),
  }),
  video: z.object({
    videos: z.array(z.looseObject({ video: z.string(), status: z.string(), prompt: z.string() })),
  }),
  channel: z.object({
    channels: z.array(
      z.looseObject({ channel: z.string(), title: z.string(), handle: z.string().nullable() }),
    ),
  }),
  publication: z.object({
    publications: z.array(
      z.looseObject({ publication: z.string(), title: z.string(), status: z.string() }),
    ),
  }),
  watch: z.object({
    watches: z.array(z.looseObject({ watch: z.string(), keyword: z.string() })),
  }),
  token: z.object({
    tokens: z.array(z.looseObject({ id: z.string(), name: z.string(), state: z.string() })),
  }),
  model: z.object({
    models: z.array(
      z.looseObject({
        id: z.string(),
        label: z.string(),
        speed: z.string(),
        quality: z.string(),
        cost: z.string(),
      }),
    ),
  }),
};

type Source = {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly read: (value: unknown, context: Context) => Suggestion[];
};

const sources: Readonly<Record<keyof typeof lists, Source>> = {
  trend: {
    operation: 'trend_list',
    input: { saved: false, limit: most },
    read: (value) =>
      lists.trend.parse(value).trends.map(({ id, title, score }) => ({
        name: `${Math.round(score)} · ${title}`,
        value: id,
      })),
  },
  video: {
    operation: 'video_list',
    input: { limit: longest },
    read: (value, { locale }) =>
      lists.video.parse(value).videos.map(({ video, status, prompt }) => ({
        name: `${catalogue(locale).state(status)} · ${prompt}`,
        value: video,
      })),
  },
  channel: {
    operation: 'channel_list',
    input: {},
    read: (value) =>
      lists.channel.parse(value).channels.map(({ channel, title, handle }) => ({
        name: handle ? `${title} (${handle})` : title,
        value: channel,
      })),
  },
  publication: {
    operation: 'publication_list',
    input: { limit: longest },
    read: (value, { locale }) =>
      lists.publication.parse(value).publications.map(({ publication, title, status }) => ({
        name: `${catalogue(locale).state(status)} · ${title}`,
        value: publication,
      })),
  },
  watch: {
    operation: 'watch_list',
    input: {},
    read: (value) =>
      lists.watch
        .parse(value)
        .watches.map(({ watch, keyword }) => ({ name: keyword, value: watch })),
  },
  token: {
    operation: 'token_list',
    input: { limit: most },
    read: (value) =>
      lists.token
        .parse(value)
        .tokens.filter(({ state }) => state === 'active')
        .map(({ id, name }) => ({ name, value: id })),
  },
  model: {
    operation: 'model_list',
    input: {},
    read: (value) =>
      lists.model.parse(value).models.map(({ id, label, speed, quality, cost }) => ({
        name: `${label} ${speed} ${quality} ${cost}`,
        value: id,
      })),
  },
};

const isSource = (field: string): field is keyof typeof sources => field in sources;

const platformNames: Readonly<Record<Platform, string>> = {
  tiktok: 'TikTok',
  youtube: 'YouTube',
  instagram: 'Instagram',
};

const mixes: readonly (readonly Platform[])[] = [
  ['tiktok', 'youtube'],
  ...platforms.map((platform) => [platform]),
  ['tiktok', 'instagram'],
  ['youtube', 'instagram'],
  platforms,
];

/** Every mix of platforms, the usual one first. */
const platformMixes: readonly Suggestion[] = mixes.map((mix) => ({
  name: mix.map((platform) => platformNames[platform]).join(' + '),
  value: mix.join(','),
}));

/** Fields whose values are suggested while somebody types. */
export const suggestedFields: ReadonlySet<string> = new Set([...Object.keys(sources), 'platforms']);

/** Answers with what fits what has been typed so far; with nothing when it takes too long. */
export async function answerAutocomplete(
  parts: Parts,
  interaction: AutocompleteInteraction,
): Promise<void> {
  const late = AbortSignal.timeout(patienceMs);
  const found = await Promise.race([
    suggest(parts, interaction, late),
    new Promise<Suggestion[]>((resolve) => {
      late.addEventListener('abort', () => resolve([]), { once: true });
    }),
  ]).catch((error: unknown) => {
    parts.services.log.warn({ err: error }, 'nothing could be suggested');
    return [];
  });
  await interaction.respond(found);
}

async function suggest(
  parts: Parts,
  interaction: AutocompleteInteraction,
  signal: AbortSignal,
): Promise<Suggestion[]> {
  const { name: field, value: typed } = interaction.options.getFocused(true);
  const member = memberOf(interaction);
  const rules = await readRules(parts.services, member.serverId);
  if (refusalOf(rules, member, channelIdsOf(interaction))) return [];
  if (field === 'platforms') return fitting(platformMixes, typed);
  const asked = operationOf(parts.operations, interaction);
  if (!isSource(field) || !asked) return [];
  const source = sources[field];
  const operation = parts.operations.find(({ name }) => name === source.operation);
  if (!operation) return [];
  const account = await openMember(parts.services, member);
  const locale = await followLanguage(parts.services, account, localeOf(interaction.locale));
  const context = contextOf(parts.services, account, {
    member,
    surface: 'discord',
    locale,
    signal,
  });
  const outcome = await perform(operation, source.input, context);
  if (!outcome.ok) return [];
  const found = source.read(outcome.value, context);
  const isRetry = asked.name === 'video_retry' && field === 'video';
  return fitting(isRetry ? await retriableOf(outcome.value, found, context) : found, typed);
}

/** Of the videos that failed lately those whose free retry is open. */
async function retriableOf(
  value: unknown,
  found: readonly Suggestion[],
  context: Context,
): Promise<Suggestion[]> {
  const failed = lists.video
    .parse(value)
    .videos.filter(({ status }) => status === 'failed')
    .slice(0, mostFailed);
  const open = await Promise.all(
    failed.map(async ({ video }) => {
      const shown = await perform(videoShow, { video }, context);
      return shown.ok && videoShow.output.parse(shown.value).can_retry ? [video] : [];
    }),
  );
  const ids = new Set(open.flat());
  return found.filter(({ value: id }) => ids.has(id));
}

const fitting = (found: readonly Suggestion[], typed: string): Suggestion[] =>
  found
    .filter(({ name, value }) => fits(`${name} ${value}`, typed))
    .slice(0, most)
    .map(({ name, value }) => ({ name: cut(name.replaceAll(/\s+/gu, ' '), 100), value }));

/** Every word that was typed is found, in any order. */
const fits = (text: string, typed: string): boolean =>
  typed
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => text.toLowerCase().includes(word));
