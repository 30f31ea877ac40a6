import { operations } from '../../core/operations.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { scopeFor, type Scope } from '../../core/token/scopes.ts';
import { listPrompts } from '../../mcp-server/prompts/list.ts';
import { resourceTemplates } from '../../mcp-server/resources/templates.ts';
import { listTools } from '../../mcp-server/tools.ts';
import { idCells, plainInput } from './cells.ts';
import type { McpRequest } from './mcp-calls.ts';
import type { Party, Scene } from './scene.ts';

export const tools = listTools(operations);

export const callTool = (name: string, input: object): McpRequest => ({
  method: 'tools/call',
  params: { name, arguments: input },
});

/** undefined for the two that find and fetch across all operations. */
export const operationNamed = (name: string): AnyOperation | undefined =>
  operations.find((one) => one.name === name);

/** One request for every tool, of a thing of the owner where it takes an id; and for all else that reads. */
export function requestsOf(
  scene: Scene,
  by: Party,
): { readonly scope: Scope; readonly request: McpRequest }[] {
  const called = tools.map(({ tool: { name }, effect }) => {
    const operation = operationNamed(name);
    const [cell] = operation ? idCells(scene, operation, by, scene.owner) : [];
    const input = operation ? (cell?.input ?? plainInput(scene, operation) ?? {}) : lookups[name];
    return { scope: scopeFor(effect), request: callTool(name, input ?? {}) };
  });
  const [video = ''] = urisOf(scene);
  const others = [...readsOf(video), ...readsWithoutId()].filter(isNoTool);
  // The scope is asked of a method, whatever it is asked for.
  const read = new Map(others.map((request) => [keyOf(request), request]));
  return [...called, ...[...read.values()].map((request) => ({ scope: 'read' as const, request }))];
}

const lookups: Readonly<Record<string, object>> = {
  search: { query: 'Regatta' },
  fetch: { id: 'jilo://ledger' },
};

const isNoTool = ({ method }: McpRequest): boolean => method !== 'tools/call';
const keyOf = ({ method, params }: McpRequest): string => `${method} ${String(params['name'])}`;

/** The addresses of everything that the owner has and that is a resource. */
export const urisOf = ({ owner }: Scene): string[] => {
  const { video, trend, publication } = owner.has.ids;
  return [
    ...video.flatMap((id) => [`jilo://videos/${id}`, `jilo://videos/${id}/poster`]),
    ...trend.map((id) => `jilo://trends/${id}`),
    ...publication.map((id) => `jilo://publications/${id}`),
  ];
};

/** What reads the thing at an address. */
export const readsOf = (uri: string): McpRequest[] => [
  callTool('fetch', { id: uri }),
  { method: 'resources/read', params: { uri } },
];

const listed = listPrompts('en').map(({ name, arguments: fields = [] }) => ({
  name,
  fields: fields.map((field) => field.name),
}));

/** Everything that can be completed: each variable of each template, and each argument of each prompt. */
const completed = [
  ...resourceTemplates.map(({ uriTemplate: uri }) => ({
    ref: { type: 'ref/resource', uri },
    name: /\{(?<name>\w+)\}/u.exec(uri)?.groups?.['name'] ?? '',
  })),
  ...listed.flatMap(({ name, fields }) =>
    fields.map((field) => ({ ref: { type: 'ref/prompt', name }, name: field })),
  ),
];

/** Every completion of what was typed. */
export const completing = (value: string): McpRequest[] =>
  completed.map(({ ref, name }) => ({
    method: 'completion/complete',
    params: { ref, argument: { name, value } },
  }));

const promptGiven: Readonly<Record<string, string>> = { topic: 'boats', trend: 'trd_none' };

/** What reads across everything somebody has. */
export const readsWithoutId = (): McpRequest[] => [
  callTool('search', { query: 'Regatta' }),
  callTool('search', { query: '' }),
  callTool('fetch', { id: 'jilo://ledger' }),
  callTool('fetch', { id: 'jilo://ledger/2026-11' }),
  { method: 'resources/list', params: {} },
  { method: 'resources/templates/list', params: {} },
  { method: 'resources/read', params: { uri: 'jilo://ledger' } },
  { method: 'resources/read', params: { uri: 'jilo://ledger/2026-11' } },
  ...listed.map(({ name, fields }) => ({
    method: 'prompts/get',
    params: {
      name,
      arguments: Object.fromEntries(
        fields.flatMap((field) => (promptGiven[field] ? [[field, promptGiven[field]]] : [])),
      ),
    },
  })),
  ...completing(''),
  ...completing('vid_'),
  ...completing('paper boat'),
];
