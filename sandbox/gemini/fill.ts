import { limitsOf, type Limits, type Range } from './limits.ts';
import {
  findNumber,
  focusOn,
  fractionOf,
  hashOf,
  qualityOf,
  readMaterial,
  type Material,
} from './material.ts';
import { roleOf } from './phrases.ts';
import { asksForPublication, writePublication } from './publication.ts';
import type { Question } from './request.ts';
import { asksForStoryboard, writeStoryboard } from './storyboard.ts';
import type { Shape } from './wire.ts';
import { writeText } from './writer.ts';

type Place = {
  readonly name: string;
  readonly path: string;
  readonly index: number;
  /** How many stand beside it in the same list. */
  readonly siblings: number;
  readonly limits: Limits;
};

type Job = { readonly root: Shape; readonly guide: string; readonly seed: string };

const noLimits: Limits = { count: null, characters: null, sentences: null };

/** What is said of something does not hang on what it is called here. */
const withoutIds = (text: string): string => text.replaceAll(/\b[a-z]{2,5}_[a-z\d]{8,}\b/gu, '');

/** An answer that fits the request's schema and speaks about the request's material. */
export function answerQuestion(question: Question): unknown {
  const { shape } = question;
  if (shape && asksForStoryboard(shape)) return writeStoryboard(question, shape);
  if (shape && asksForPublication(shape)) return writePublication(question, shape);
  const material = readMaterial(question.instructions, question.material);
  const guide = `${question.instructions}\n${material.entries.length > 0 ? '' : question.material}`;
  const seed = String(hashOf(withoutIds(question.material + question.instructions)));
  if (!shape) return plainAnswer(material, question, seed);
  const root = { name: 'answer', path: '', index: 0, siblings: 1, limits: noLimits };
  return fillShape(shape, material, root, { root: shape, guide, seed });
}

function plainAnswer(material: Material, { followUp }: Question, seed: string): string {
  const heard = followUp === '' ? material : readMaterial(material.instructions, followUp);
  const request = { role: 'reason', characters: null, sentences: null, index: 0, seed } as const;
  return writeText(heard, request);
}

function resolve(shape: Shape, root: Shape): Shape {
  const chosen = (shape.anyOf ?? shape.oneOf)?.find(({ type }) => type !== 'null');
  if (chosen) return resolve(chosen, root);
  const name = /^#\/(?:\$defs|definitions)\/(?<name>.+)$/u.exec(shape.$ref ?? '')?.groups?.['name'];
  const target = name ? (root.$defs ?? root.definitions)?.[name] : undefined;
  return target ? { ...target, description: shape.description ?? target.description } : shape;
}

function typeOf({ type, properties, items }: Shape): string {
  const named = Array.isArray(type) ? type.find((each) => each !== 'null') : type;
  if (named) return named;
  if (properties) return 'object';
  return items ? 'array' : 'string';
}

function fillShape(given: Shape, material: Material, place: Place, job: Job): unknown {
  const shape = resolve(given, job.root);
  if ('const' in shape) return shape.const;
  if (shape.enum && shape.enum.length > 0) return chooseOf(shape.enum, material, place, job);
  switch (typeOf(shape)) {
    case 'object':
      return fillObject(shape, material, place, job);
    case 'array':
      return fillList(shape, material, place, job);
    case 'integer':
      return Math.round(fillNumber(shape, material, place, job));
    case 'number':
      return Math.round(fillNumber(shape, material, place, job) * 100) / 100;
    case 'boolean':
      return !/flag|block|violat|unsafe|refus|error|hate|nsfw/iu.test(place.name);
    case 'null':
      return null;
    default:
      return fillText(shape, material, place, job);
  }
}

function fillObject(shape: Shape, material: Material, place: Place, job: Job): object {
  return Object.fromEntries(
    Object.entries(shape.properties ?? {}).map(([name, property]) => {
      const resolved = resolve(property, job.root);
      const limits = limitsOf(name, { ...resolved, ...describedBy(property) }, job.guide);
      const inner = { ...place, name, path: `${place.path}.${name}`, limits };
      return [name, fillShape(property, material, inner, job)];
    }),
  );
}

const describedBy = ({ description }: Shape): Partial<Shape> =>
  description === undefined ? {} : { description };

const hasId = (shape: Shape, root: Shape): boolean =>
  Object.keys(resolve(shape, root).properties ?? {}).some(isIdName);
const isIdName = (name: string): boolean => /^id$|Id$|_id$/u.test(name);

function fillList(shape: Shape, material: Material, place: Place, job: Job): unknown[] {
  const items = shape.items ?? { type: 'string' };
  const { count } = place.limits;
  const isAboutEntries = material.entries.length > 0 && hasId(items, job.root);
  if (isAboutEntries) {
    return material.entries.slice(0, shape.maxItems ?? Infinity).map((entry, index) =>
      fillShape(
        items,
        focusOn(material, entry),
        {
          ...place,
          path: `${place.path}[${index}]`,
          index,
          siblings: material.entries.length,
        },
        job,
      ),
    );
  }
  const length = pickCount(count ?? { low: 3, high: 3 }, job.seed + place.path);
  return Array.from({ length }, (_, index) =>
    fillShape(
      items,
      material,
      { ...place, path: `${place.path}[${index}]`, index, siblings: length },
      job,
    ),
  );
}

function pickCount({ low, high }: Range, seed: string): number {
  const top = Math.min(high, low + 8, 200);
  return low + Math.floor(fractionOf(seed) * (Math.max(top, low) - low + 1));
}

/** The bounds of a number: the schema's, else a range in its description, else 0 to 10. */
function boundsOf(shape: Shape): Range {
  const told = /(?<low>-?\d+)\s*(?:-|–|to|到|至)\s*(?<high>\d+)/u.exec(shape.description ?? '');
  const step = typeOf(shape) === 'integer' ? 1 : 0.01;
  const { exclusiveMinimum = NaN, exclusiveMaximum = NaN } = shape;
  const { low: toldLow = '0', high: toldHigh = '10' } = told?.groups ?? {};
  const [low = 0] = [shape.minimum ?? NaN, exclusiveMinimum + step, Number(toldLow)].filter(
    (bound) => !Number.isNaN(bound),
  );
  const [high = 10] = [shape.maximum ?? NaN, exclusiveMaximum - step, Number(toldHigh)].filter(
    (bound) => !Number.isNaN(bound),
  );
  // Number.MAX_SAFE_INTEGER is what zod writes for "any integer".
  const bottom = low < -1e9 ? 0 : low;
  return { low: bottom, high: Math.max(bottom, high > 1e9 ? 10 : high) };
}

function fillNumber(shape: Shape, material: Material, place: Place, job: Job): number {
  const { low, high } = boundsOf(shape);
  const clip = (value: number) => Math.min(high, Math.max(low, value));
  if (/^(?:index|order|number|position|shot|step)$/iu.test(place.name)) {
    return clip(place.index + 1);
  }
  if (/second|duration/iu.test(place.name)) {
    const total = findNumber(`${job.guide}\n${material.text}`, 'seconds?\\b|duration|秒');
    if (total !== null) return clip(total / place.siblings);
  }
  const chance = fractionOf(job.seed + place.path);
  const quality = (qualityOf(material.text) ?? chance) + (chance - 0.5) * 0.1;
  const value = clip(low + (high - low) * quality);
  return /whole|integer|整数/iu.test(shape.description ?? '') ? Math.round(value) : value;
}

function chooseOf(
  values: NonNullable<Shape['enum']>,
  material: Material,
  { path, index }: Place,
  { seed }: Job,
): unknown {
  const words = material.text.toLowerCase();
  const named = values.find(
    (value) => typeof value === 'string' && value.length > 2 && words.includes(value.toLowerCase()),
  );
  const harmless = values.find((value) =>
    /^(?:allow|allowed|safe|ok|pass|none|neutral|yes)$/iu.test(String(value)),
  );
  return harmless ?? named ?? values[(hashOf(seed + path) + index) % values.length];
}

function fillText(shape: Shape, material: Material, place: Place, job: Job): string {
  const { name, path, index, limits } = place;
  if (isIdName(name)) return material.entries[0]?.id ?? `item-${index + 1}`;
  if (/^lang(?:uage)?$|^locale$/iu.test(name)) return material.language;
  if (shape.format === 'uri' || /url$/iu.test(name)) return 'https://example.com/';
  if (shape.format === 'date') return '2026-11-22';
  if (shape.format === 'date-time') return '2026-11-22T12:00:00Z';
  if (shape.format === 'email') return 'someone@example.com';
  const { characters, sentences } = limits;
  const entry = material.entries.length === 1 ? withoutIds(material.text) : '';
  const seed = job.seed + entry + path.replace(/\[[^\]]*\]/gu, '');
  return writeText(material, { role: roleOf(name), characters, sentences, index, seed });
}
