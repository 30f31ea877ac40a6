import { refuse } from './refusal.ts';
import type { Asked } from './rest.ts';
import { isOpenToBot, type ChannelState, type MessageRecord, type World } from './world.ts';

/** A channel that the bot may use; throws a Refusal. */
export function openChannel(world: World, { params }: Asked): ChannelState {
  const channel = world.channels.get(params['channel'] ?? '');
  if (!channel) throw refuse('unknownChannel');
  if (!isOpenToBot(world, channel)) throw refuse('missingAccess');
  return channel;
}

/** Ephemeral messages are out of the bot token's reach. */
export function openMessage(channel: ChannelState, { params }: Asked): MessageRecord {
  const record = channel.records.get(params['message'] ?? '');
  if (!record || record.visibleTo !== null) throw refuse('unknownMessage');
  return record;
}
