import type {
  ClientCapabilities,
  ReadResourceResult,
  Resource,
  Tool,
} from '@modelcontextprotocol/server';

import type { Services } from '../../core/context.ts';
import { composeDocument, documentNames, type DocumentName } from './documents.ts';

const mimeType = 'text/html;profile=mcp-app';
const extension = 'io.modelcontextprotocol/ui';

const uriOf = (name: DocumentName): string => `ui://jilo/${name}.html`;

const facts: Readonly<Record<DocumentName, { readonly title: string; readonly about: string }>> = {
  trends: { title: 'Trends', about: 'The trends that were found, as a grid' },
  video: { title: 'Video', about: 'A video with its progress, then the player' },
  publish: { title: 'Publish', about: 'The form to publish a video, then its progress' },
};

const documentOf: Readonly<Record<string, DocumentName>> = {
  trend_search: 'trends',
  video_generate: 'video',
  video_show: 'video',
  publication_suggest: 'publish',
  publication_create: 'publish',
};

/** The document that shows a tool's answer; null for a tool whose text is enough. @internal */
export function uiOf(toolName: string): { readonly resourceUri: string } | null {
  const name = documentOf[toolName];
  return name === undefined ? null : { resourceUri: uriOf(name) };
}

/** What a client says that shows such documents. */
export const appCapabilities: ClientCapabilities = {
  extensions: { [extension]: { mimeTypes: [mimeType] } },
};

/** Whether a client shows such documents; every other one gets plain text and hears nothing of them. */
export function showsApps({ extensions }: ClientCapabilities): boolean {
  const types = extensions?.[extension]?.['mimeTypes'];
  return Array.isArray(types) && types.includes(mimeType);
}

/** A tool together with the document that shows its answer. */
export function withUi(tool: Tool): Tool {
  const ui = uiOf(tool.name);
  return ui ? { ...tool, _meta: { ui } } : tool;
}

/** Where the platforms keep the pictures of which there is no copy of ours yet. */
const pictureHosts = [
  'https://i.ytimg.com',
  'https://*.tiktokcdn.com',
  'https://*.tiktokcdn-us.com',
  'https://*.tiktokcdn-eu.com',
  'https://*.cdninstagram.com',
  'https://*.fbcdn.net',
] as const;

type Web = Pick<Services, 'publicUrl'>;

/** Whose pictures and films a document may show: our web app's, where one runs, and for trends the platforms'. */
function sourcesOf(name: DocumentName, { publicUrl }: Web): string[] {
  const url = publicUrl();
  const own = url === null ? [] : [new URL(url).origin];
  return name === 'trends' ? [...own, ...pictureHosts] : own;
}

const metaOf = (name: DocumentName, web: Web) => ({
  ui: {
    csp: { connectDomains: [], resourceDomains: sourcesOf(name, web) },
    prefersBorder: true,
  },
});

/** The documents as a list of resources shows them. */
export const uiResources = (web: Web): Resource[] =>
  documentNames.map((name) => ({
    uri: uriOf(name),
    name: `${name}-app`,
    title: facts[name].title,
    description: facts[name].about,
    mimeType,
    _meta: metaOf(name, web),
  }));

/** The document at an address; null for every other address. Any client may read it. */
export function readUiResource(uri: string, web: Web): ReadResourceResult | null {
  const name = documentNames.find((candidate) => uriOf(candidate) === uri);
  if (name === undefined) return null;
  const text = composeDocument(name, sourcesOf(name, web));
  return { contents: [{ uri, mimeType, text, _meta: metaOf(name, web) }] };
}
