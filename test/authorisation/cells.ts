import type { AnyOperation } from '../../core/operation.ts';
import { policies, type Policy } from '../../scripts/authorisation/policies.ts';
import type { Party, Scene } from './scene.ts';

/** What is filled in beside ids. */
type Sample = {
  /** A call that names no thing; absent where there has to be one. */
  readonly plain?: Readonly<Record<string, unknown>>;
  /** What goes with an id. */
  readonly along?: Readonly<Record<string, unknown>>;
};

/** What everybody asks for in the same words: each gets an own one. */
export const city = { keyword: 'city bikes', platforms: 'youtube' };
export const wish = { prompt: 'a red bicycle leans on a wall', model: 'minimax', seconds: 15 };

const samples = (pictureUrl: string): Readonly<Record<string, Sample>> => ({
  trend_search: { plain: { ...city, limit: 3 } },
  trend_list: { plain: { saved: false } },
  watch_create: { plain: city },
  prompt_write: { plain: { idea: 'a red bicycle' } },
  prompt_check: { plain: { prompt: 'a red bicycle' } },
  video_quote: { plain: wish },
  video_generate: { plain: wish },
  picture_keep: { plain: { url: pictureUrl } },
  publication_create: { along: { title: 'Bicycles', thumbnail: 'own' } },
  publication_update: { along: { title: 'Bicycles' } },
  account_update: { plain: { locale: 'en' } },
  token_create: { plain: { name: 'a program' } },
  server_update: { plain: { visibility: 'person' } },
  server_fund: { plain: { units: 1 } },
  plan_upgrade: { plain: { product: 'starter' } },
});

/** The row of an operation. @throws Error where there is none; the gate says what to add. */
export function policyOf({ name }: Pick<AnyOperation, 'name'>): Policy {
  const policy = policies[name];
  if (!policy) throw new Error(`${name} has no policy`);
  return policy;
}

/** A call that names a thing of `of`, and the same call with an id that nothing has. */
export type IdCell = {
  readonly field: string;
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly twinId: string;
  readonly twin: Readonly<Record<string, unknown>>;
};

/** The calls of a party that name each thing of `of`, in each field; its other fields name its own, if it has any. */
export function idCells(
  scene: Scene,
  operation: AnyOperation,
  by: Party,
  of: Scene['owner'] | Scene['neighbour'],
): IdCell[] {
  const kinds = Object.entries(policyOf(operation).ids ?? {});
  const along = samples(scene.pictureUrl)[operation.name]?.along ?? {};
  const own = (by.has ?? of.has).ids;
  const rest = Object.fromEntries(kinds.map(([field, thing]) => [field, own[thing][0]]));
  return kinds.flatMap(([field, thing]) =>
    of.has.ids[thing].map((id) => {
      const twinId = scene.world.app.ids.next(id.slice(0, 3));
      const input = { ...along, ...rest, [field]: id };
      return { field, id, input, twinId, twin: { ...input, [field]: twinId } };
    }),
  );
}

/** The call that names no thing; null where an id has to be given. */
export function plainInput(
  { pictureUrl }: Pick<Scene, 'pictureUrl'>,
  operation: AnyOperation,
): Readonly<Record<string, unknown>> | null {
  const sample = samples(pictureUrl)[operation.name]?.plain;
  if (sample) return sample;
  return operation.input.safeParse({}).success ? {} : null;
}

/** Whether there is a call that names no thing. */
export const isPlain = (operation: AnyOperation): boolean =>
  plainInput({ pictureUrl: 'https://cdn.example/a.png' }, operation) !== null;
