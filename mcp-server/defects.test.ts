import { expect, test } from 'vitest';

import { connectInMemory } from '../test/kit/mcp.ts';
import type { Service } from './service.ts';

const noticed: string[] = [];

/** Breaks in a place that nobody thought of. */
const fail = () => Promise.reject(new Error('password=hunter2 at /srv/secret.ts'));
const broken: Service = {
  info: { name: 'broken', version: '1' },
  listTools: fail,
  callTool: fail,
  resources: { list: fail, templates: fail, read: fail },
  prompts: { list: fail, get: fail },
  complete: fail,
  onDefect: (error) => void noticed.push(String(error)),
};

test.each(['2025', '2026'] as const)(
  'a client of %s sees nothing of what broke, whatever it asked for',
  async (era) => {
    const mcp = await connectInMemory(broken, { era });
    const { client } = mcp;
    const ref = { type: 'ref/prompt' as const, name: 'any' };
    const asked = [
      () => client.listTools(),
      () => mcp.call('any', {}),
      () => client.listResources(),
      () => client.listResourceTemplates(),
      () => client.readResource({ uri: 'jilo://any' }),
      () => client.listPrompts(),
      () => client.getPrompt({ name: 'any' }),
      () => client.complete({ ref, argument: { name: 'any', value: '' } }),
    ];
    for (const ask of asked) {
      const said = await ask().then(
        () => 'nothing was thrown',
        (error: unknown) => String(error),
      );
      expect(said).toContain('Something broke on our side.');
      expect(said).not.toMatch(/hunter2|secret/);
    }
    expect(noticed.splice(0)).toEqual(asked.map(() => 'Error: password=hunter2 at /srv/secret.ts'));
    await mcp.close();
  },
);
