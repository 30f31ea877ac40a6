import type { Service } from './service.ts';

/** Runs a method of a service in its own way. */
export type Around = <In extends unknown[], Out>(
  run: (...args: In) => Promise<Out>,
) => (...args: In) => Promise<Out>;

/** The same service with something around each of its answers; watching goes on as it was. */
export function wrapService(service: Service, around: Around): Service {
  const { resources, prompts, complete } = service;
  return {
    ...service,
    listTools: around((call) => service.listTools(call)),
    callTool: around((params, call) => service.callTool(params, call)),
    ...(resources
      ? {
          resources: {
            ...resources,
            list: around((cursor, call) => resources.list(cursor, call)),
            templates: around((call) => resources.templates(call)),
            read: around((uri, call) => resources.read(uri, call)),
          },
        }
      : {}),
    ...(prompts
      ? {
          prompts: {
            list: around((call) => prompts.list(call)),
            get: around((params, call) => prompts.get(params, call)),
          },
        }
      : {}),
    ...(complete ? { complete: around((params, call) => complete(params, call)) } : {}),
  };
}
