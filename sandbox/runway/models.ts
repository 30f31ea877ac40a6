import { z } from 'zod';

/** What a clip looks like before it is drawn. */
type ClipShape = {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seconds: number;
  readonly audio: boolean;
};

/** A body that the API takes. */
export type TakenBody = {
  readonly model: string;
  readonly prompt: string;
  readonly seed: number | undefined;
  readonly shape: ClipShape;
  /** What it costs; a credit is one US cent. */
  readonly credits: number;
};

type ReadBody =
  | ({ readonly ok: true } & TakenBody)
  | { readonly ok: false; readonly issues: readonly object[] };

/** A prompt holding one of these words is accepted, then fails in moderation. */
export const refusedWords: readonly string[] = ['forbidden-by-provider'];

/** At most 1000 UTF-16 code units, which is what zod counts. */
const promptText = z.string().min(1).max(1000);
const seed = z.int().min(0).max(4_294_967_295).optional();

const gen45 = z
  .object({
    model: z.literal('gen4.5'),
    promptText,
    ratio: z.enum(['1280:720', '720:1280']),
    duration: z.int().min(2).max(10),
    contentModeration: z
      .object({ publicFigureThreshold: z.enum(['auto', 'low']).optional() })
      .optional(),
    outputFormat: z.literal('mp4').optional(),
    seed,
  })
  .transform((body) => taken(body, { seconds: body.duration, audio: false, perSecond: 12 }));

/** Veo's fields are checked strictly: an unknown one is refused (SDK changelog, 4.19.1). */
function veo(model: 'veo3.1' | 'veo3.1_fast', perSecond: { silent: number; audio: number }) {
  return z
    .strictObject({
      model: z.literal(model),
      promptText,
      ratio: z.enum(['1280:720', '720:1280', '1080:1920', '1920:1080']),
      duration: z.union([z.literal(4), z.literal(6), z.literal(8)]).default(8),
      audio: z.boolean().default(true),
      negativePrompt: z.string().max(1000).optional(),
      seed,
    })
    .transform((body) =>
      taken(body, {
        seconds: body.duration,
        audio: body.audio,
        perSecond: body.audio ? perSecond.audio : perSecond.silent,
      }),
    );
}

/** Text-to-video models with the bodies of @runwayml/sdk 4.20.1, resources/text-to-video.d.ts. */
const models = new Map<string, z.ZodType<TakenBody>>([
  ['gen4.5', gen45],
  ['veo3.1', veo('veo3.1', { silent: 20, audio: 40 })],
  ['veo3.1_fast', veo('veo3.1_fast', { silent: 10, audio: 15 })],
]);

export const modelNames: readonly string[] = Array.from(models.keys());

/** Reads a body as the API does, model first. */
export function readBody(raw: unknown): ReadBody {
  const named = z.looseObject({ model: z.enum(modelNames) }).safeParse(raw);
  if (!named.success) return { ok: false, issues: issuesOf(named.error) };
  const parsed = models.get(named.data.model)?.safeParse(raw);
  if (!parsed?.success) return { ok: false, issues: parsed ? issuesOf(parsed.error) : [] };
  return { ok: true, ...parsed.data };
}

function taken(
  body: { model: string; promptText: string; ratio: string; seed?: number | undefined },
  made: { seconds: number; audio: boolean; perSecond: number },
): TakenBody {
  const [width = 1280, height = 720] = body.ratio.split(':').map(Number);
  return {
    model: body.model,
    prompt: body.promptText,
    seed: body.seed,
    shape: { width, height, fps: 24, seconds: made.seconds, audio: made.audio },
    credits: made.seconds * made.perSecond,
  };
}

const issuesOf = (error: z.ZodError): object[] => error.issues.map((issue) => ({ ...issue }));
