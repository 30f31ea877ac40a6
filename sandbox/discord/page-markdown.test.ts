import { expect, test } from 'vitest';
import { z } from 'zod';

// The page's scripts are plain JavaScript for the browser and have no declarations.
const address = new URL('./page/markdown.js', import.meta.url).href;
const { parseMarkdown, placeInDiscord, plainText } = z
  .object({
    parseMarkdown: z.custom<(text: string) => unknown>((value) => typeof value === 'function'),
    placeInDiscord: z.custom<(address: string) => unknown>((value) => typeof value === 'function'),
    plainText: z.custom<(text: string) => string>((value) => typeof value === 'function'),
  })
  .parse(await import(address));

const text = (words: string) => ({ type: 'text', text: words });

test.each([
  ['**bold**', [{ type: 'strong', children: [text('bold')] }]],
  [
    '*slanted* and _slanted_',
    [
      { type: 'emphasis', children: [text('slanted')] },
      text(' and '),
      { type: 'emphasis', children: [text('slanted')] },
    ],
  ],
  ['***both***', [{ type: 'strong', children: [{ type: 'emphasis', children: [text('both')] }] }]],
  ['__under__', [{ type: 'underline', children: [text('under')] }]],
  ['~~gone~~', [{ type: 'strike', children: [text('gone')] }]],
  ['||hidden||', [{ type: 'spoiler', children: [text('hidden')] }]],
  ['`**as it is**`', [{ type: 'code', text: '**as it is**' }]],
  ['``a ` b``', [{ type: 'code', text: 'a ` b' }]],
  ['\\*not slanted\\*', [text('*not slanted*')]],
  ['snake_case_name', [text('snake_case_name')]],
  ['2 * 3 * 4', [text('2 * 3 * 4')]],
  ['**open', [text('**open')]],
  ['<@123> <@!123>', [{ type: 'user', id: '123' }, text(' '), { type: 'user', id: '123' }]],
  ['<#45>', [{ type: 'channel', id: '45' }]],
  ['</video generate:77>', [{ type: 'command', name: 'video generate', id: '77' }]],
  ['<t:1700000000:R>', [{ type: 'time', seconds: 1_700_000_000, style: 'R' }]],
  ['<t:1700000000>', [{ type: 'time', seconds: 1_700_000_000, style: 'f' }]],
  ['<t:1700000000:Q>', [text('<t:1700000000:Q>')]],
  ['@everyone', [{ type: 'everyone', text: '@everyone' }]],
])('reads %s', (written, nodes) => {
  expect(parseMarkdown(written)).toEqual(nodes);
});

const link = (url: string, label = url) => ({ type: 'link', url, children: [text(label)] });

test.each([
  ['[Jilo](https://jilo.example/a?b=1)', [link('https://jilo.example/a?b=1', 'Jilo')]],
  ['[a](https://x.example/(b))', [link('https://x.example/(b)', 'a')]],
  ['<https://x.example/y>', [link('https://x.example/y')]],
  [
    'see https://x.example/a_b_c, please',
    [text('see '), expect.objectContaining(link('https://x.example/a_b_c')), text(', please')],
  ],
  [
    '(https://x.example)',
    [text('('), expect.objectContaining(link('https://x.example')), text(')')],
  ],
  [
    '看https://x.example/a。',
    [text('看'), expect.objectContaining(link('https://x.example/a')), text('。')],
  ],
])('links in %s', (written, nodes) => {
  expect(parseMarkdown(written)).toEqual(nodes);
});

test.each([
  '[x](javascript:alert(1))',
  '[x](data:text/html,hello)',
  '<javascript:alert(1)>',
  '[x](JaVaScRiPt:alert(1))',
  '[x](//evil.example)',
])('%s is no link', (written) => {
  expect(JSON.stringify(parseMarkdown(written))).not.toContain('"link"');
});

test('markup is text like any other', () => {
  const hostile = `<img src=x onerror="alert('1')"> <script>x</script> "quoted" & &lt;`;
  expect(parseMarkdown(hostile)).toEqual([text(hostile)]);
});

test('blocks stand by themselves, with their marks inside', () => {
  expect(parseMarkdown('# Big **one**\n-# small\n> quoted\n> more\nplain\nlines')).toEqual([
    {
      type: 'heading',
      block: true,
      level: 1,
      children: [text('Big '), { type: 'strong', children: [text('one')] }],
    },
    { type: 'subtext', block: true, children: [text('small')] },
    { type: 'quote', block: true, children: [text('quoted\nmore')] },
    text('plain\nlines'),
  ]);
  expect(parseMarkdown('#tag and #1')).toEqual([text('#tag and #1')]);
  expect(parseMarkdown('#### four')).toEqual([text('#### four')]);
});

test('a code block keeps what it holds', () => {
  expect(parseMarkdown('before\n```ts\nconst a = "**b**";\n```\nafter')).toEqual([
    text('before\n'),
    { type: 'codeBlock', language: 'ts', text: 'const a = "**b**";' },
    text('after'),
  ]);
});

test('lists nest, and a change of marks begins another', () => {
  expect(parseMarkdown('- one\n  - inner\n- two\n3. three')).toEqual([
    {
      type: 'list',
      ordered: false,
      start: 1,
      items: [
        [text('one'), { type: 'list', ordered: false, start: 1, items: [[text('inner')]] }],
        [text('two')],
      ],
    },
    { type: 'list', ordered: true, start: 3, items: [[text('three')]] },
  ]);
});

test('a preview loses its marks', () => {
  expect(plainText('# Title\n**bold** `code` [a](https://x.example) </quota show:1>')).toBe(
    'Title bold code a /quota show',
  );
});

test.each(['*', '**', '_', '||', '`', '[', '> ', '- ', '>>> ', '~~', '**a*', '[a](', '<t:'])(
  '4000 characters of %j are read at once',
  (piece) => {
    const startedAt = performance.now();
    parseMarkdown(piece.repeat(4000 / piece.length));
    expect(performance.now() - startedAt).toBeLessThan(1000);
  },
);

test.each([
  ['https://discord.com/channels/11/22/33', { channel: '22', message: '33' }],
  ['https://discord.com/channels/@me/22/33', { channel: '22', message: '33' }],
  ['https://ptb.discord.com/channels/11/22/33/', { channel: '22', message: '33' }],
  ['https://discordapp.com/channels/11/22', { channel: '22', message: undefined }],
  ['https://discord.com/channels/11', undefined],
  ['https://discord.com/channels/you/22/33', undefined],
  ['https://discord.com/channels/11/22/33?to=44', undefined],
  ['https://discord.com.example/channels/11/22/33', undefined],
  ['http://discord.com/channels/11/22/33', undefined],
])('%s leads to the right place', (url, place) => {
  expect(placeInDiscord(url)).toEqual(place);
});
