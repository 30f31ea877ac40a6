import type { z } from 'zod';

import { channelList } from '../../core/channel/list.ts';
import { drawBadge, html, type Html } from '../pages.ts';
import { drawEmpty, drawRow, joinFacts } from './draw.ts';
import type { Section, View } from './section.ts';

type Channel = z.output<typeof channelList.output>['channels'][number];

/** The connected YouTube channels, and which of them have to be connected again. */
export const channelsSection: Section = {
  id: 'channels',
  operation: channelList.name,
  heading: ({ channels }) => channels.heading,
  input: () => ({}),
  draw(value, view) {
    const { channels } = channelList.output.parse(value);
    if (channels.length === 0) return drawEmpty(view.words.channels.none);
    return html`<ul class="rows">
      ${channels.map((channel) => drawChannel(channel, view))}
    </ul>`;
  },
};

function drawChannel({ title, handle, status, access }: Channel, { words }: View): Html {
  const { channels } = words;
  const isConnected = status === 'connected';
  return drawRow({
    name: title,
    href: null,
    facts: joinFacts([handle, isConnected ? channels.access[access] : channels.again]),
    end: drawBadge(isConnected ? 'good' : 'warn', channels[status]),
  });
}
