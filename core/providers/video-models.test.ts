import { expect, test } from 'vitest';

import type { ShotRequest, SubmittedShot, VideoProvider } from '../ports/video-models.ts';
import { createVideoModels, type CallingProvider } from './video-models.ts';

const never = new AbortController().signal;
const request = (provider: VideoProvider): ShotRequest => ({
  provider,
  endpoint: 'model',
  input: {},
  webhookUrl: 'http://127.0.0.1:1/',
});
const shot = (provider: VideoProvider): SubmittedShot => ({
  provider,
  requestId: 'r',
  statusUrl: 's',
  responseUrl: 'r',
  cancelUrl: 'c',
});

/** A provider that says its own name whatever it is asked. */
function named(provider: VideoProvider): CallingProvider {
  return {
    submit: async () => ({ ...shot(provider), requestId: `taken by ${provider}` }),
    fetchOutcome: async () => ({ kind: 'delivered', url: provider }),
    cancel: async () => (provider === 'fal' ? 'requested' : 'too_late'),
    readCallback: async () => ({ requestId: provider, outcome: { kind: 'refused' } }),
    download: async (url) => ReadableStream.from([Buffer.from(`${provider} ${url}`)]),
  };
}

const readText = async (stream: ReadableStream<Uint8Array>): Promise<string> =>
  new Response(stream).text();

test('every call goes to the provider that it names', async () => {
  const models = createVideoModels({ fal: named('fal'), runway: named('runway') });
  expect(models.providers).toEqual(['fal', 'runway']);
  for (const provider of models.providers) {
    expect((await models.submit(request(provider), never)).requestId).toBe(`taken by ${provider}`);
    expect(await models.fetchOutcome(shot(provider), never)).toMatchObject({ url: provider });
    expect(await readText(await models.download('u', provider, never))).toBe(`${provider} u`);
  }
  expect(await models.cancel(shot('fal'), never)).toBe('requested');
  expect(await models.cancel(shot('runway'), never)).toBe('too_late');
});

test('a callback is fal’s', async () => {
  const models = createVideoModels({ fal: named('fal'), runway: named('runway') });
  const read = await models.readCallback(Buffer.from(''), () => undefined, new Date());
  expect(read?.requestId).toBe('fal');
});

test('one that is not set up is missing by name, and the other works', async () => {
  const missing = (service: string) => ({ code: 'service_missing', params: { service } });
  const runwayOnly = createVideoModels({ runway: named('runway') });
  expect(runwayOnly.providers).toEqual(['runway']);
  for (const call of [
    () => runwayOnly.submit(request('fal'), never),
    () => runwayOnly.fetchOutcome(shot('fal'), never),
    () => runwayOnly.cancel(shot('fal'), never),
    () => runwayOnly.download('u', 'fal', never),
    () => runwayOnly.readCallback(Buffer.from(''), () => undefined, new Date()),
  ]) {
    await expect(call()).rejects.toMatchObject(missing('fal'));
  }
  const falOnly = createVideoModels({ fal: named('fal') });
  expect(falOnly.providers).toEqual(['fal']);
  await expect(falOnly.submit(request('runway'), never)).rejects.toMatchObject(missing('Runway'));
  expect((await falOnly.submit(request('fal'), never)).requestId).toBe('taken by fal');
});
