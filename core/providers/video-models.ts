import { Fault } from '../fault.ts';
import {
  providerNames,
  videoProviders,
  type VideoModels,
  type VideoProvider,
} from '../ports/video-models.ts';

/** What one provider does of the port. */
export type ShotProvider = Pick<VideoModels, 'submit' | 'fetchOutcome' | 'cancel'> & {
  download(url: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
};

/** A provider that calls back, too. */
export type CallingProvider = ShotProvider & Pick<VideoModels, 'readCallback'>;

/** One port over the providers that are set up: each request goes to the one it names. */
export function createVideoModels(set: {
  readonly fal?: CallingProvider;
  readonly runway?: ShotProvider;
}): VideoModels {
  const present = <P>(provider: VideoProvider, found: P | undefined): P => {
    if (!found) throw new Fault('service_missing', { service: providerNames[provider] });
    return found;
  };
  const of = (provider: VideoProvider): ShotProvider => present(provider, set[provider]);
  return {
    providers: videoProviders.filter((provider) => set[provider] !== undefined),
    submit: async (request, signal) => of(request.provider).submit(request, signal),
    fetchOutcome: async (shot, signal) => of(shot.provider).fetchOutcome(shot, signal),
    cancel: async (shot, signal) => of(shot.provider).cancel(shot, signal),
    readCallback: async (body, header, now) =>
      present('fal', set.fal).readCallback(body, header, now),
    download: async (url, provider, signal) => of(provider).download(url, signal),
  };
}
