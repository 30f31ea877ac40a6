import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { publications } from '../../drizzle/schema/publishing.ts';
import {
  connectChannel,
  eventKinds,
  jobContext,
  live,
  makeReadyVideo,
  refused,
  withVideoHost,
  youtubeOf,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import type { VideoHost } from '../ports/video-host.ts';
import { publicationCancel } from './cancel.ts';
import { settlePublication } from './confirm.ts';
import { publicationCreate } from './create.ts';
import { publicationShow } from './show.ts';
import { uploadPublication } from './upload.ts';

let world: World;
let context: Context;
let own: { video: string; channel: string };
beforeAll(async () => {
  world = await createWorld();
  context = await world.context();
  own = { channel: await connectChannel(world), video: await makeReadyVideo(world) };
});
afterAll(() => world.close());

let made = 0;
async function publish(changes: object = {}) {
  made += 1;
  const title = `Taken back ${made}`;
  const wish = { ...own, title, privacy: 'public', ...changes };
  const { publication } = await world.must(publicationCreate, wish, context);
  return { publication: z.string().parse(publication), title };
}
const cancel = (publication: string) => world.must(publicationCancel, { publication }, context);
const show = (publication: string) => world.must(publicationShow, { publication }, context);
const onChannel = (title: string) =>
  world.emulators.google.videos.filter((known) => known.title === title);
const inTwoHours = () => new Date(world.now().getTime() + 7200_000).toISOString();
const updates = () => world.emulators.google.calls.filter(({ method }) => method === 'PUT').length;

describe('a publication is stopped', () => {
  test('before anything was sent: nothing reaches the channel', async () => {
    const { publication, title } = await publish();
    expect(await cancel(publication)).toMatchObject({ status: 'cancelled', outcome: 'stopped' });
    await live(world, 60, { step: 20 });
    expect(onChannel(title)).toHaveLength(0);
    expect(await show(publication)).toMatchObject({ status: 'cancelled', url: null });
    expect(await refused(world, publicationCancel, { publication }, context)).toMatchObject({
      code: 'already_over',
      field: 'publication',
    });
  });

  test('while its session is open: the last byte is not sent', async () => {
    const { publication, title } = await publish();
    const ports = withVideoHost(world, {
      async startUpload(...what) {
        const session = await youtubeOf(world).startUpload(...what);
        expect(await cancel(publication)).toMatchObject({ outcome: 'stopped' });
        return session;
      },
    });
    await expect(
      uploadPublication.run({ publicationId: publication }, jobContext(world, ports)),
    ).rejects.toThrow('another worker');
    await live(world, 60, { step: 20 });
    expect(onChannel(title)).toHaveLength(0);
    expect(await show(publication)).toMatchObject({ status: 'cancelled' });
  });

  test('when the last byte is on its way: the video stays private', async () => {
    const { publication, title } = await publish();
    const ports = withVideoHost(world, {
      async sendChunk(...what) {
        expect(await cancel(publication)).toMatchObject({ outcome: 'private' });
        return youtubeOf(world).sendChunk(...what);
      },
    });
    const before = updates();
    await uploadPublication.run({ publicationId: publication }, jobContext(world, ports));
    await live(world, 60, { step: 20 });
    expect(onChannel(title)).toMatchObject([{ privacy: 'private' }]);
    expect(await show(publication)).toMatchObject({
      status: 'live',
      privacy: 'private',
      why: null,
    });
    // Only the chunk itself was put: there was nothing to tell.
    expect(updates() - before).toBe(1);
  });
});

describe('a publication is taken back', () => {
  test('while it is processed: it never becomes public', async () => {
    const { publication, title } = await publish();
    await uploadPublication.run({ publicationId: publication }, jobContext(world));
    expect(await cancel(publication)).toMatchObject({ outcome: 'private' });
    await live(world, 60, { step: 20 });
    expect(onChannel(title)).toMatchObject([{ privacy: 'private' }]);
  });

  test('before its time: YouTube forgets the schedule', async () => {
    const { publication, title } = await publish({ publish_at: inTwoHours() });
    await live(world, 30, { step: 10 });
    expect(await show(publication)).toMatchObject({ status: 'scheduled' });
    expect(await cancel(publication)).toMatchObject({ outcome: 'private' });
    expect(onChannel(title)).toMatchObject([{ privacy: 'private', publishAt: null }]);
    await live(world, 3 * 3600, { step: 1800 });
    expect(onChannel(title)).toMatchObject([{ privacy: 'private' }]);
    expect(await show(publication)).toMatchObject({
      status: 'live',
      privacy: 'private',
      publish_at: null,
    });
  });

  /** One that went out so many seconds ago. */
  async function wentOut(seconds: number) {
    const one = await publish();
    await world.drain();
    const { undo_until: until, status } = await show(one.publication);
    expect(status).toBe('live');
    const liveAt = Date.parse(z.string().parse(until)) - 600_000;
    await world.advance((liveAt - world.now().getTime()) / 1000 + seconds);
    return one;
  }

  test('599 seconds after it went out', async () => {
    const { publication, title } = await wentOut(599);
    expect(await cancel(publication)).toMatchObject({ status: 'live', outcome: 'private' });
    expect(onChannel(title)).toMatchObject([{ privacy: 'private' }]);
    const shown = await show(publication);
    expect(shown).toMatchObject({ privacy: 'private', undo_until: null, why: null });
  });

  test.each([600, 601])('not %i seconds after it went out', async (seconds) => {
    const { publication, title } = await wentOut(seconds);
    const { code } = await refused(world, publicationCancel, { publication }, context);
    expect(code).toBe('already_over');
    expect(onChannel(title)).toMatchObject([{ privacy: 'public' }]);
    expect(await show(publication)).toMatchObject({ undo_until: null });
  });

  test('while YouTube is away: as soon as it is back', async () => {
    const { publication, title } = await publish();
    await world.drain();
    const away = { ...context, ports: withVideoHost(world, awayHost) };
    const outcome = await world.perform(publicationCancel, { publication }, away);
    expect(outcome).toMatchObject({ ok: true, value: { outcome: 'private_soon' } });
    expect(onChannel(title)).toMatchObject([{ privacy: 'public' }]);
    await live(world, 30, { step: 10 });
    expect(onChannel(title)).toMatchObject([{ privacy: 'private' }]);
    expect(await eventKinds(world, publication)).toContain('taken_back');
  });

  test('at the very moment in which it is made public', async () => {
    const { publication, title } = await publish();
    await uploadPublication.run({ publicationId: publication }, jobContext(world));
    let taken: Promise<unknown> = Promise.resolve();
    const ports = withVideoHost(world, {
      async updateVideo(...what) {
        taken = cancel(publication);
        await youtubeOf(world).updateVideo(...what);
      },
    });
    await settlePublication(jobContext(world, ports), publication, { round: 1, told: 0 });
    await taken;
    await live(world, 30, { step: 10 });
    expect(onChannel(title)).toMatchObject([{ privacy: 'private' }]);
    const { db } = world.app.database;
    const [row] = await db.select().from(publications).where(eq(publications.id, publication));
    expect(row).toMatchObject({ privacy: 'private', hostPrivacy: 'private' });
  });
});

test('nobody takes back what is not theirs', async () => {
  const { publication } = await publish({ privacy: 'private' });
  const stranger = await world.context('terminal', 'stranger');
  const { code } = await refused(world, publicationCancel, { publication }, stranger);
  expect(code).toBe('not_found');
  await world.drain();
});

const busy = () =>
  Promise.reject(new Fault('provider_busy', { provider: 'YouTube' }, { retryAfterSeconds: 5 }));
const awayHost: Partial<VideoHost> = { fetchVideo: busy, updateVideo: busy };
