import { shareLink } from '../../core/video/share-link.ts';
import { videoPageLink } from '../../core/video/page-link.ts';
import { garbage, sigOf, type Attack } from './attack-parts.ts';
import type { Scene } from './scene.ts';

type Parts = {
  readonly links: { readonly owner: { readonly media: string; readonly progress: string } };
  readonly scene: Scene;
};

/** The page of the owner's video or a part of it, with what was signed for another video or another thing. */
function videoPage({ links, scene }: Parts, part = ''): Attack[] {
  const { world, owner, neighbour, stranger } = scene;
  const [own = ''] = owner.has.ids.video;
  const path = `/videos/${own}${part}`;
  const foreign = new URL(
    videoPageLink(world.app, neighbour.has.ids.video[0] ?? '', 'owner') ?? '',
  );
  const right = new URL(videoPageLink(world.app, own, 'owner') ?? '');
  const later = `exp=99999999999&sig=${right.searchParams.get('sig') ?? ''}`;
  return [
    { what: 'nothing', path, statuses: [303] },
    { what: 'garbage', path: `${path}?${garbage}` },
    {
      what: 'a session that is none',
      path,
      headers: { cookie: 'jilo.session_token=garbage' },
      statuses: [303],
    },
    {
      what: 'a token of the neighbour',
      path,
      headers: { authorization: `Bearer ${neighbour.tokens.read}` },
      statuses: [303],
    },
    { what: 'the session of somebody else', path, headers: { cookie: stranger.cookie } },
    { what: "the neighbour's signature", path: `${path}${foreign.search}` },
    { what: 'a time that was put off', path: `${path}?${later}` },
    { what: 'the signature of a file', path: `${path}${new URL(links.owner.media).search}` },
    { what: 'the signature of progress', path: `${path}${new URL(links.owner.progress).search}` },
  ];
}

/** A share link that was made up for the owner's video, or a part of it. */
function sharedPage({ links, scene }: Parts, part = ''): Attack[] {
  const { world, owner, neighbour } = scene;
  const [own = ''] = owner.has.ids.video;
  const expires = Math.floor(world.now().getTime() / 1000) + 3600;
  const tokenOf = (id: string, epoch = 0) =>
    shareLink(world.app, { id, epoch, expires }).split('/').at(-1) ?? '';
  const foreign = tokenOf(neighbour.has.ids.video[0] ?? '');
  const signature = foreign.split('.').at(-1) ?? '';
  const at = (token: string) => `/s/${token}${part}`;
  return [
    { what: 'garbage', path: `${at('garbage')}?${garbage}` },
    { what: "the neighbour's signature", path: at(`${own}.0.${expires}.${signature}`) },
    {
      what: 'a time that was put off',
      path: at(tokenOf(own).replace(String(expires), '99999999999')),
    },
    {
      what: 'the signature of a file',
      path: at(`${own}.0.${expires}.${sigOf(links.owner.media)}`),
    },
    { what: 'one that was taken back', path: at(tokenOf(own, 1)) },
  ];
}

/** By route, as `scripts/authorisation/routes.ts` names it. */
export const videoRoutes = {
  'GET /videos/:id': (parts: Parts) => videoPage(parts),
  'GET /videos/:id/captions.vtt': (parts: Parts) => videoPage(parts, '/captions.vtt'),
  'GET /s/:token': (parts: Parts) => sharedPage(parts),
  'GET /s/:token/:file': (parts: Parts) => sharedPage(parts, '/video.mp4'),
};
