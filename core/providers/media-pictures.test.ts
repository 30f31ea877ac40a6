import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterEach, describe, expect, test } from 'vitest';

import { serveRoutes, type Emulator, type EmulatorAnswer } from '../../sandbox/http.ts';
import { pictureLimits } from '../ports/pictures.ts';
import { beginsAsPicture, pictureSize } from './media-picture-size.ts';
import { createPictures, createThumbnails, redraw } from './media-pictures.ts';

const never = new AbortController().signal;
const servers: Emulator[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A server that gives the same answer everywhere; `asked` counts. */
async function answering(answer: (path: string) => EmulatorAnswer) {
  const asked: string[] = [];
  const handle = ({ url }: { url: URL }) => {
    asked.push(url.pathname);
    return answer(url.pathname);
  };
  const server = await serveRoutes([{ method: 'GET', path: /\/.*/u, handle }], { status: 404 });
  servers.push(server);
  return { url: server.url, asked };
}

type Kind = 'image/png' | 'image/jpeg' | 'image/webp';

function draw(width: number, height: number, kind: Kind = 'image/png'): Buffer {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#c02020';
  context.fillRect(0, 0, width / 2, height);
  if (kind === 'image/png') return canvas.toBuffer(kind);
  return canvas.toBuffer(kind, 90);
}

/** A PNG that announces a size and holds nothing of it. */
function bomb(width: number, height: number): Buffer {
  const data = draw(1, 1);
  data.writeUInt32BE(width, 16);
  data.writeUInt32BE(height, 20);
  return data;
}

const pictureOf = async (data: Buffer) => {
  const fetched = await redraw(data);
  if (fetched.kind !== 'picture') throw new Error(`refused: ${fetched.problem}`);
  return fetched.picture;
};

describe('a picture', () => {
  test.each<[Kind, number, number, number, number]>([
    ['image/png', 1280, 720, 1280, 720],
    ['image/jpeg', 2560, 1440, 1280, 720],
    ['image/webp', 3000, 1000, 1280, 427],
    ['image/png', 1080, 1920, 1080, 1920],
    ['image/jpeg', 2160, 3840, 1080, 1920],
    ['image/webp', 500, 4000, 240, 1920],
    ['image/png', 1000, 1000, 720, 720],
    ['image/png', 64, 48, 64, 48],
  ])('as %s of %ix%i becomes a JPEG of %ix%i', async (kind, width, height, drawn, tall) => {
    const data = draw(width, height, kind);
    expect(pictureSize(data)).toEqual({ width, height });
    const picture = await pictureOf(data);
    expect(picture).toMatchObject({ width: drawn, height: tall });
    expect(pictureSize(picture.data)).toEqual({ width: drawn, height: tall });
    expect(picture.data.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(picture.data.length).toBeLessThan(2_000_000);
  });

  test('keeps nothing of the file but what is seen, and is white where it was see-through', async () => {
    const secret = Buffer.from('<script>GPS 52.52</script>');
    const { data, width, height } = await pictureOf(Buffer.concat([draw(40, 20), secret]));
    expect(data.includes(secret)).toBe(false);
    const canvas = createCanvas(width, height);
    const context = canvas.getContext('2d');
    context.drawImage(await loadImage(data), 0, 0);
    expect([...context.getImageData(35, 10, 1, 1).data]).toEqual([255, 255, 255, 255]);
    expect(context.getImageData(5, 10, 1, 1).data[0]).toBeGreaterThan(170);
  });

  test.each([
    [8192, 8192, 'kind'],
    [8193, 1, 'pixels'],
    [1, 8193, 'pixels'],
    [65_535, 65_535, 'pixels'],
    [0x7fffffff, 0x7fffffff, 'pixels'],
    [0, 10, 'kind'],
  ])('that announces %ix%i without having them is refused: %s', async (width, height, problem) => {
    expect(await redraw(bomb(width, height))).toEqual({ kind: 'refused', problem });
  });

  test.each([
    ['a GIF', Buffer.from('GIF89a and so on, and so on')],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a JPEG without a frame', Buffer.from('\xff\xd8\xff\xe0\0\x04ab\xff\xd9\0\0\0\0\0', 'latin1')],
    ['a JPEG that breaks off', draw(64, 64, 'image/jpeg').subarray(0, 30)],
    ['a PNG that breaks off', draw(64, 64).subarray(0, 40)],
    ['a WebP that breaks off', draw(64, 64, 'image/webp').subarray(0, 29)],
    ['nothing', Buffer.alloc(0)],
  ])('is none: %s', async (_, data) => {
    expect(await redraw(data)).toEqual({ kind: 'refused', problem: 'kind' });
  });

  test('is told by its first bytes, whatever its name or type says', () => {
    for (const kind of ['image/png', 'image/jpeg', 'image/webp'] as const)
      expect(beginsAsPicture(draw(8, 8, kind).subarray(0, 12))).toBe(true);
    expect(beginsAsPicture(Buffer.from('RIFF\0\0\0\0WAVE'))).toBe(false);
    expect(beginsAsPicture(Buffer.from('\0\0\0\x18ftypisom', 'latin1'))).toBe(false);
  });

  test.each([
    ['VP8 ', 13, (data: Buffer) => data.writeUInt32LE((300 & 0x3fff) | (200 << 16), 26)],
    ['VP8L', 5, (data: Buffer) => data.writeUInt32LE(299 | (199 << 14), 21)],
    ['VP8X', 10, (data: Buffer) => data.writeUIntLE(299, 24, 3) + data.writeUIntLE(199, 27, 3)],
  ])('of the WebP kind %s has its size read', (name, _, write) => {
    const data = Buffer.alloc(32);
    data.write('RIFF', 0, 'latin1');
    data.write(`WEBP${name}`, 8, 'latin1');
    write(data);
    expect(pictureSize(data)).toEqual({ width: 300, height: 200 });
  });
});

describe('fetching one', () => {
  const local = createPictures('loopback');
  const png = draw(64, 48);

  test('gives the picture, over a redirect on the same host too', async () => {
    const { url } = await answering((path) =>
      path === '/old'
        ? { status: 302, headers: { location: '/new' } }
        : { status: 200, headers: { 'content-type': 'text/plain' }, body: png },
    );
    for (const path of ['/a%20b.png?ex=1&is=2&hm=3&', '/old'])
      expect(await local.fetch(url + path, never)).toMatchObject({
        kind: 'picture',
        picture: { width: 64, height: 48 },
      });
  });

  test.each([
    'https://cdn.discordapp.com@evil.example/a.png',
    'https://user:pw@cdn.discordapp.com/a.png',
    'http://cdn.discordapp.com/a.png',
    'http://127.0.0.1/a.png',
    'http://localhost:8787/a.png',
    'https://127.0.0.1/a.png',
    'https://[::1]/a.png',
    'https://169.254.169.254/latest/meta-data',
    'https://cdn.discordapp.com:8443/a.png',
    'https://cdn.discordapp.com.evil.example/a.png',
    'https://evil-cdn.discordapp.com/a.png',
    'https://x.cdn.discordapp.com/a.png',
    'https://discordapp.com/a.png',
    'https://media.discordapp.com/a.png',
    'https://evil.example/?https://cdn.discordapp.com/a.png',
    'https://cdn.discordapp.com./a.png',
    'https:\\\\cdn.discordapp.com\\a.png',
    'file:///etc/passwd',
    'data:image/png;base64,iVBORw0KGgo=',
    'cdn.discordapp.com/a.png',
    'a picture',
  ])('does not go to %s', async (address) => {
    const live = createPictures('discord', {
      resolve: () => {
        throw new Error('a name was looked up');
      },
    });
    expect(await live.fetch(address, never)).toEqual({ kind: 'refused', problem: 'host' });
  });

  test.each(['https://cdn.discordapp.com/attachments/1/2/a.png', 'https://media.discordapp.net/a'])(
    'goes to %s, but not where its name leads inside',
    async (address) => {
      const asked: string[] = [];
      const live = createPictures('discord', {
        resolve: (host, answer) => {
          asked.push(host);
          answer(null, [{ address: '10.0.0.7', family: 4 }]);
        },
      });
      await expect(live.fetch(address, never)).rejects.toMatchObject({
        code: 'provider_failed',
        params: { provider: 'Discord' },
        cause: { message: 'the name leads to an address that is not public' },
      });
      expect(asked).toEqual([new URL(address).hostname]);
    },
  );

  test.each(['https://evil.example/a.png', 'http://169.254.169.254/', 'file:///etc/passwd'])(
    'does not follow a redirect to %s',
    async (location) => {
      const { url, asked } = await answering(() => ({ status: 302, headers: { location } }));
      expect(await local.fetch(url, never)).toEqual({ kind: 'refused', problem: 'host' });
      expect(asked).toHaveLength(1);
    },
  );

  test('takes 8 MiB and not a byte more, announced or not', async () => {
    const sized = (bytes: number) => Buffer.concat([png, Buffer.alloc(bytes - png.length)]);
    const { url } = await answering((path) => ({
      status: 200,
      headers: path === '/silent' ? { 'transfer-encoding': 'chunked' } : {},
      body: sized(pictureLimits.bytes + (path === '/fits' ? 0 : 1)),
    }));
    expect(await local.fetch(`${url}/fits`, never)).toMatchObject({ kind: 'picture' });
    for (const path of ['/announced', '/silent'])
      expect(await local.fetch(url + path, never)).toEqual({ kind: 'refused', problem: 'bytes' });
  });

  test.each<[string, EmulatorAnswer, object]>([
    ['a page', { status: 200, body: '<!doctype html><title>no</title>' }, { problem: 'kind' }],
    ['a few bytes', { status: 200, body: png.subarray(0, 8) }, { problem: 'kind' }],
    ['nothing', { status: 200 }, { problem: 'kind' }],
    ['a bomb', { status: 200, body: bomb(60_000, 60_000) }, { problem: 'pixels' }],
  ])('refuses %s', async (_, answer, refused) => {
    const { url } = await answering(() => answer);
    expect(await local.fetch(url, never)).toEqual({ kind: 'refused', ...refused });
  });

  test.each([
    [404, 'provider_failed'],
    [429, 'provider_busy'],
    [503, 'provider_busy'],
  ])('says of status %i that it is %s', async (status, code) => {
    const { url } = await answering(() => ({ status }));
    await expect(local.fetch(url, never)).rejects.toMatchObject({
      code,
      params: { provider: 'Discord' },
    });
  });

  test('ends with the reason of who asked', async () => {
    const { url } = await answering(() => ({ status: 200, body: png }));
    const gone = AbortSignal.abort(new Error('the person left'));
    await expect(local.fetch(url, gone)).rejects.toThrow('the person left');
  });
});

describe('the picture of a video', () => {
  const local = createThumbnails('loopback');

  test.each<[Kind, number, number, number, number]>([
    ['image/webp', 720, 1280, 270, 480],
    ['image/jpeg', 1280, 720, 480, 270],
    ['image/png', 640, 640, 480, 480],
    ['image/png', 480, 481, 479, 480],
    ['image/png', 120, 90, 120, 90],
  ])('as %s of %ix%i becomes a small JPEG of %ix%i', async (kind, width, height, drawn, tall) => {
    const { url } = await answering(() => ({ status: 200, body: draw(width, height, kind) }));
    const fetched = await local.fetch(url, never);
    if (fetched.kind !== 'picture') throw new Error(`refused: ${fetched.problem}`);
    expect(pictureSize(fetched.picture.data)).toEqual({ width: drawn, height: tall });
    expect(fetched.picture.data.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  });

  test.each([
    ['a page', { status: 200, body: '<!doctype html><title>no</title>' }, 'kind'],
    ['a bomb', { status: 200, body: bomb(60_000, 60_000) }, 'pixels'],
    ['a redirect', { status: 302, headers: { location: 'https://evil.example/a.png' } }, 'host'],
  ])('is not %s', async (_, answer, problem) => {
    const { url } = await answering(() => answer);
    expect(await local.fetch(url, never)).toEqual({ kind: 'refused', problem });
  });

  test.each([
    'https://p16-sign-va.tiktokcdn.com/obj/a~tplv-x:300:400.jpeg?x-expires=1&x-signature=a%2Fb%3D',
    'https://p19-pu-sign-useast8.tiktokcdn-us.com/a.webp',
    'https://p16-sign.tiktokcdn-eu.com/a.webp',
    'https://i.ytimg.com/vi/aB3_dE-fG12/hq720.jpg?sqp=-oaymwEc&rs=AOn4CL',
    'https://scontent-lga3-2.cdninstagram.com/v/t51.2885-15/1_n.jpg?stp=dst-jpg&oe=68B',
    'https://instagram.fboi1-1.fna.fbcdn.net/v/t51.2885-15/1_n.jpg',
  ])('lies at %s, unless that leads inside', async (address) => {
    const asked: string[] = [];
    const live = createThumbnails('platforms', {
      resolve: (host, answer) => {
        asked.push(host);
        answer(null, [{ address: '10.0.0.7', family: 4 }]);
      },
    });
    await expect(live.fetch(address, never)).rejects.toMatchObject({
      code: 'provider_failed',
      cause: { message: 'the name leads to an address that is not public' },
    });
    expect(asked).toEqual([new URL(address).hostname]);
  });

  test.each([
    'http://i.ytimg.com/vi/a/hq.jpg',
    'https://i.ytimg.com.evil.example/a.jpg',
    'https://evil-i.ytimg.com/a.jpg',
    'https://x.i.ytimg.com/a.jpg',
    'https://ytimg.com/a.jpg',
    'https://tiktokcdn.com/a.jpg',
    'https://p16.eviltiktokcdn.com/a.jpg',
    'https://p16.tiktokcdn.com.evil.example/a.jpg',
    'https://p16.tiktokcdn-xx.com/a.jpg',
    'https://p16.tiktokcdn.com:8443/a.jpg',
    'https://user@p16.tiktokcdn.com/a.jpg',
    'https://a.b.c.d.fbcdn.net/a.jpg',
    'https://fbcdn.net/a.jpg',
    'https://cdninstagram.com/a.jpg',
    'https://cdn.discordapp.com/a.png',
    'https://v3.fal.media/a.png',
    'http://127.0.0.1/a.png',
    'https://169.254.169.254/a.png',
    'file:///etc/passwd',
  ])('does not lie at %s', async (address) => {
    const live = createThumbnails('platforms', {
      resolve: () => {
        throw new Error('a name was looked up');
      },
    });
    expect(await live.fetch(address, never)).toEqual({ kind: 'refused', problem: 'host' });
  });
});
