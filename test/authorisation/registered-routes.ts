import { z } from 'zod';

const layerSchema = z.looseObject({
  /** Whether it stands at the root, and not at a path of its own. */
  slash: z.boolean(),
  route: z
    .looseObject({
      path: z.union([z.string(), z.array(z.string())]),
      methods: z.record(z.string(), z.boolean()),
    })
    .optional(),
  handle: z.unknown(),
});
type Layer = z.output<typeof layerSchema>;

const stackSchema = z.looseObject({ stack: z.array(layerSchema) });

/** Lets a schema read what a router, which is a function, carries. */
function carriedBy(handle: unknown): unknown {
  if (typeof handle !== 'function') return handle;
  const stack: unknown = Reflect.get(handle, 'stack');
  return { stack };
}

/** What an app of Express 5 answers by: its routes as `GET /path`, and how many handlers stand before and between them. */
export type Registered = { readonly routes: readonly string[]; readonly middlewares: number };

/** Reads the routes of an app. @throws Error for a router that is mounted where its paths are not the whole. */
export function readRoutes(router: unknown): Registered {
  const { stack } = stackSchema.parse(carriedBy(router));
  const parts = stack.map((layer) => readLayer(layer));
  return {
    routes: parts.flatMap(({ routes }) => routes),
    middlewares: parts.reduce((sum, { middlewares }) => sum + middlewares, 0),
  };
}

function readLayer({ route, slash, handle }: Layer): Registered {
  if (route) {
    const methods = Object.keys(route.methods).map((method) =>
      method === '_all' ? 'ALL' : method.toUpperCase(),
    );
    const routes = [route.path].flat().flatMap((path) => methods.map((one) => `${one} ${path}`));
    return { routes, middlewares: 0 };
  }
  if (!stackSchema.safeParse(carriedBy(handle)).success) return { routes: [], middlewares: 1 };
  if (!slash) throw new Error('a router is mounted at a path: its routes cannot be told in full');
  return readRoutes(handle);
}
