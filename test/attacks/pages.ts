import { approvalLink } from '../../core/consent/link.ts';
import { openCheckout } from '../../core/billing/checkout.ts';
import { billingPages } from '../../core/billing/pages.ts';
import { channelConnect } from '../../core/channel/connect.ts';
import { isFault } from '../../core/fault.ts';
import { mediaLink } from '../../core/media-link.ts';
import { perform } from '../../core/operation.ts';
import { productOf } from '../../core/plan/catalogue.ts';
import { receiptLink } from '../../core/quota/receipt-link.ts';
import { chartLink } from '../../core/stats/chart-link.ts';
import { videoGenerate } from '../../core/video/generate.ts';
import { z } from 'zod';

import type { World } from '../kit/world.ts';

/** Asks as a program would; what waits for a person's word. */
export async function askApproval(world: World, account: string, prompt: string): Promise<string> {
  const context = await world.context('mcp', account);
  const wish = { prompt, model: 'kling', seconds: 15 };
  const outcome = await perform(videoGenerate, wish, context);
  if (outcome.ok || !isFault(outcome.fault, 'approval_required'))
    throw new Error('nothing waits for a person');
  return outcome.fault.params.id;
}

/** The link by which an account connects a channel. */
export async function connectLink(
  world: World,
  account: string,
  access: 'upload' | 'manage' = 'upload',
): Promise<URL> {
  const context = await world.context('terminal', account);
  const { url } = await world.must(channelConnect, { access }, context);
  return new URL(z.string().parse(url));
}

/** An address of every page and file that a browser is sent to, good as it is. */
export async function goodAddresses(world: World): Promise<Record<string, string>> {
  const { publicUrl, app } = world;
  const context = await world.context('terminal', 'reader');
  const { accountId } = context.actor;
  const approval = await askApproval(world, 'reader', 'a heron waits at the weir');
  const product = productOf('pack_small');
  if (!product) throw new Error('there is no small pack');
  await openCheckout(context, product);
  const [session] = [...world.emulators.stripe.state.checkouts.values()];
  const checkout = session?.metadata['checkout'] ?? '';
  const chart = { accountId, publication: null, days: 30, locale: 'en', timeZone: 'UTC' } as const;
  return {
    'the page before Google’s': (await connectLink(world, 'reader')).href,
    'the way back from Google': `${publicUrl}/oauth/google/callback?error=access_denied`,
    'an approval': approvalLink(app, approval) ?? '',
    'the page after paying': billingPages(app, checkout).done,
    'the page after not paying': `${publicUrl}/billing/cancelled`,
    'the page after the portal': `${publicUrl}/billing/back`,
    'a file that is gone': mediaLink(app, 'videos/gone.mp4') ?? '',
    'a chart': chartLink(app, chart) ?? '',
    'a receipt': receiptLink(app, { accountId, format: 'json', month: null }),
    'no page': `${publicUrl}/nothing/here`,
    health: `${publicUrl}/healthz`,
    'what MCP says of itself': `${publicUrl}/.well-known/oauth-protected-resource`,
    MCP: `${publicUrl}/mcp`,
  };
}
