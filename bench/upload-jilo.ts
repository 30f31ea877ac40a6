import { createHash, randomBytes, type Hash } from 'node:crypto';
import { join } from 'node:path';

import { openAccount } from '../core/account/open.ts';
import { openApp, type App } from '../core/app.ts';
import { tokenPlace } from '../core/channel/row.ts';
import { loadSurroundings, parseConfig } from '../core/config.ts';
import { decideApproval } from '../core/consent/decide.ts';
import { requirePort, type Context } from '../core/context.ts';
import { isFault } from '../core/fault.ts';
import { perform } from '../core/operation.ts';
import { requiredScopes, type HostTokens } from '../core/ports/video-host.ts';
import { publicationCreate } from '../core/publication/create.ts';
import { channels, publications } from '../drizzle/schema/publishing.ts';
import { quotes, videos } from '../drizzle/schema/videos.ts';
import { consent } from '../sandbox/google/consent.ts';

const mebibyte = 1024 ** 2;

/** A Jilo with a connected channel and one finished video of a chosen size. */
export type BenchJilo = {
  readonly app: App;
  readonly tokens: HostTokens;
  /** The video on the disk. */
  readonly file: { readonly path: string; readonly sha256: string; readonly bytes: number };
  /** What a process that works for it has to know. */
  readonly settings: Readonly<Record<string, string>>;
  /** Approves a publication and answers with its id; nothing is uploaded yet. */
  publish(title: string): Promise<string>;
  /** Where a publication stands. */
  read(id: string): Promise<typeof publications.$inferSelect>;
};

/** Opens it in a folder of its own; `settings` lead to YouTube. */
export async function openJilo(
  folder: string,
  settings: Readonly<Record<string, string>>,
  mebibytes: number,
): Promise<BenchJilo> {
  const own = {
    ...settings,
    NODE_ENV: 'production',
    JILO_DATA_DIR: folder,
    JILO_SECRET: 'a secret that every process of the benchmark shares',
    PUBLIC_URL: 'http://127.0.0.1:1',
    LOG_LEVEL: 'silent',
  };
  const app = await openApp({
    config: parseConfig(own),
    path: loadSurroundings().path,
    write: () => undefined,
    worker: false,
    publicUrl: () => own.PUBLIC_URL,
  });
  const identity = { provider: 'local', subject: 'bench' };
  const account = await openAccount(app, identity, { displayName: 'bench', locale: 'en' });
  const tokens = await connect(app, account.id);
  const video = await keepFilm(app, account.id, mebibytes);
  const actor = { accountId: account.id, surface: 'terminal' } as const;
  const { signal } = new AbortController();
  const context: Context = { ...app, actor, locale: 'en', timeZone: 'UTC', signal };
  return {
    app,
    tokens,
    file: video.file,
    settings: { ...own, DATABASE_URL: app.database.url },
    publish: (title) => publish(context, { video: video.id, title }),
    async read(id) {
      const rows = await app.database.db.select().from(publications);
      const row = rows.find((known) => known.id === id);
      if (!row) throw new Error(`there is no publication ${id}`);
      return row;
    },
  };
}

async function publish(context: Context, wish: object): Promise<string> {
  const asked = await perform(publicationCreate, wish, context);
  if (asked.ok || !isFault(asked.fault, 'approval_required')) throw new Error('nobody was asked');
  const { id } = asked.fault.params;
  const by = context.actor.accountId;
  await decideApproval(context, { id, approved: true, by, surface: 'terminal' });
  const started = await perform(publicationCreate, wish, context, { approvalId: id });
  if (!started.ok) throw started.fault;
  return String(started.value['publication']);
}

/** Goes through YouTube's page as a person would, and keeps the channel. */
async function connect(app: App, accountId: string): Promise<HostTokens> {
  const host = requirePort(app.ports, 'videoHost');
  const codeVerifier = 'v'.repeat(64);
  const redirectUri = 'http://127.0.0.1:1/google';
  const scopes = requiredScopes;
  const page = host.authorizationUrl({ state: 'bench', codeVerifier, redirectUri, scopes });
  const code = new URL(await consent(page)).searchParams.get('code') ?? '';
  const tokens = await host.exchangeCode({ code, codeVerifier, redirectUri });
  const [channel] = await host.fetchChannels(tokens.accessToken);
  if (!channel) throw new Error('there is no channel');
  const place = { id: app.ids.next('chn'), accountId };
  const { crypto, clock } = app;
  await app.database.db.insert(channels).values({
    ...place,
    hostChannelId: channel.id,
    title: channel.title,
    status: 'connected',
    scopes: tokens.scopes,
    accessTokenSealed: crypto.seal(tokens.accessToken, tokenPlace(place, 'access_token_sealed')),
    refreshTokenSealed: crypto.seal(
      tokens.refreshToken ?? '',
      tokenPlace(place, 'refresh_token_sealed'),
    ),
    accessExpiresAt: tokens.expiresAt,
    createdAt: clock.now(),
  });
  return tokens;
}

/** A finished video that nobody could watch, of the wanted size. */
async function keepFilm(app: App, accountId: string, mebibytes: number) {
  const id = app.ids.next('vid');
  const quoteId = app.ids.next('quo');
  const createdAt = app.clock.now();
  const common = { accountId, prompt: 'bench', model: 'kling', seconds: 15, shape: '9:16' };
  const quote = { ...common, id: quoteId, shots: [], quota: 1, createdAt, expiresAt: createdAt };
  await app.database.db.insert(quotes).values(quote);
  const fileKey = `videos/${id}.mp4`;
  const hash = createHash('sha256');
  const stored = await app.ports.storage.write(fileKey, film(mebibytes, hash), Infinity);
  await app.database.db.insert(videos).values({
    ...common,
    ...stored,
    id,
    quoteId,
    rootId: id,
    quota: 1,
    status: 'ready',
    fileKey,
    createdAt,
    readyAt: createdAt,
  });
  const path = join(app.config.JILO_DATA_DIR, 'files', fileKey);
  return { id, file: { path, ...stored, sha256: hash.digest('hex') } };
}

/** Chance, over and over, with every 64 KiB marked by its number: cheap, and no two places are alike. */
async function* film(mebibytes: number, hash: Hash): AsyncGenerator<Buffer> {
  const block = randomBytes(mebibyte);
  for (let index = 0; index < mebibytes; index += 1) {
    for (let at = 0; at < mebibyte; at += 65_536) block.writeUInt32BE(index * 16 + at / 65_536, at);
    if (index === 0) block.write('ftypmp42', 4, 'latin1');
    // Not a whole number of chunks.
    const piece = index === mebibytes - 1 ? block.subarray(0, mebibyte - 12_345) : block;
    hash.update(piece);
    yield Buffer.from(piece);
  }
}
