import { createReadStream, statSync } from 'node:fs';
import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { renderWatch } from './consent-page.ts';
import type { Project } from './project.ts';
import { statusOf } from './status.ts';

/** The pages that a sandbox link leads to, and the film on them. */
export function watchRoutes(project: Project): Route[] {
  const watch = ({ url, params }: EmulatorRequest): EmulatorAnswer =>
    showWatch(project, params['id'] ?? url.searchParams.get('v') ?? '');
  return [
    { method: 'GET', path: /\/watch/u, handle: watch },
    { method: 'GET', path: /\/shorts\/(?<id>[\w-]+)/u, handle: watch },
    {
      method: 'GET',
      path: /\/sandbox\/media\/(?<id>[\w-]+)/u,
      handle: (request) => sendMedia(project, request),
    },
  ];
}

function showWatch(project: Project, id: string): EmulatorAnswer {
  const video = project.store.state.videos.find((known) => known.id === id);
  if (!video) {
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Video unavailable' };
  }
  const channel = project.store.state.channels.find((known) => known.id === video.channelId);
  const { privacy, uploadStatus } = statusOf(video, project);
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: renderWatch({
      title: video.title,
      description: video.description,
      channel: channel?.title ?? '',
      privacy: `${privacy}, ${uploadStatus}`,
      mediaPath: `/sandbox/media/${video.id}`,
      posterPath: video.thumbnail ? `/sandbox/thumbnails/${video.id}` : null,
    }),
  };
}

/** The stored bytes, whole or the asked range (a browser's player seeks with ranges). */
function sendMedia(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const video = project.store.state.videos.find(({ id }) => id === request.params['id']);
  const size = video ? statSync(video.file, { throwIfNoEntry: false })?.size : undefined;
  if (!video || size === undefined) return { status: 404, body: 'not found' };
  const type = { 'content-type': 'video/mp4', 'accept-ranges': 'bytes' };
  const range = /^bytes=(?<first>\d+)-(?<last>\d*)$/u.exec(request.header('range') ?? '')?.groups;
  if (!range) {
    const headers = { ...type, 'content-length': String(size) };
    return { status: 200, headers, stream: () => createReadStream(video.file) };
  }
  const start = Number(range['first']);
  const end = Math.min(range['last'] ? Number(range['last']) : size, size - 1);
  if (start > end) {
    return { status: 416, headers: { 'content-range': `bytes */${size}` }, body: '' };
  }
  const span = { 'content-range': `bytes ${start}-${end}/${size}` };
  return {
    status: 206,
    headers: { ...type, ...span, 'content-length': String(end - start + 1) },
    stream: () => createReadStream(video.file, { start, end }),
  };
}
