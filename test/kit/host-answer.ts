import { z } from 'zod';

import type { HostAnswer } from '../../core/channel/complete.ts';
import { channelConnect } from '../../core/channel/connect.ts';
import type { Context } from '../../core/context.ts';
import type { ChannelAccess } from '../../core/ports/video-host.ts';
import { goToGoogle } from '../../sandbox/google/browser.ts';
import type { ConsentChoice } from '../../sandbox/google/consent.ts';
import type { World } from './world.ts';

/** What Google sends the person's browser back with, without going there. */
export async function answerOfHost(
  world: World,
  context: Context,
  choice: ConsentChoice = {},
  access: ChannelAccess = 'upload',
): Promise<HostAnswer> {
  const { url } = await world.must(channelConnect, { access }, context);
  const { address, cookie } = await goToGoogle(z.string().parse(url), choice);
  const back = new URL(address);
  const read = (name: string) => z.string().parse(back.searchParams.get(name));
  const browser = cookie.slice(cookie.indexOf('=') + 1);
  return { state: read('state'), code: read('code'), browser };
}
