import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { apiError } from './answers.ts';
import { invalidPublishAt, readUpdate } from './metadata.ts';
import type { Troublemaker } from './misbehaviour.ts';
import { pick } from './parts.ts';
import { admit, manageScopes, type Project } from './project.ts';
import { changeVisibility, firstPublicAt } from './status.ts';
import { videoResource } from './videos.ts';

const units = 50;

/** videos.update, which replaces all of every part that is sent (reference/youtube.md 4.3). */
export const updateRoutes = (project: Project, trouble: Troublemaker): Route[] => [
  {
    method: 'PUT',
    path: /\/youtube\/v3\/videos/u,
    handle: trouble.wrap('update', (request) => updateVideo(project, request)),
  },
];

const refuse = (status: number, reason: string, message: string): EmulatorAnswer =>
  apiError({ status, reason, message, domain: 'youtube.video' });

function updateVideo(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const caller = admit(project, request, { scopes: manageScopes, units });
  if ('refusal' in caller) return caller.refusal;
  const read = readUpdate(request.body, request.url.searchParams);
  if ('refusal' in read) return read.refusal;
  const { id, parts, texts, settings } = read.update;
  const { store, options } = project;
  const video = store.state.videos.find((known) => known.id === id);
  if (!video) {
    return refuse(404, 'videoNotFound', 'The video that you are trying to update cannot be found.');
  }
  if (video.channelId !== caller.access.channelId) {
    return refuse(403, 'forbidden', 'The video that you are trying to update is not yours.');
  }
  const now = options.clock.now();
  const problem = read.check(now);
  if (problem) return problem;
  const schedules = settings !== null && settings.publishAt !== null;
  if (schedules && firstPublicAt(video, now) !== null) return invalidPublishAt();
  if (texts) Object.assign(video, texts);
  if (settings) {
    const { privacy, publishAt, ...others } = settings;
    changeVisibility(project, video, { privacy, publishAt });
    Object.assign(video, others);
  }
  store.save();
  return { status: 200, body: pick(videoResource(project, video, parts), parts) };
}
