import { findOrder } from './material.ts';
import type { Question } from './request.ts';
import type { Shape } from './wire.ts';

/** Breaks every limit of the schema that can be broken: numbers, lengths, counts, required names. */
export function breakLimits(answer: unknown, shape: Shape): unknown {
  if (typeof answer === 'number') return (shape.maximum ?? shape.exclusiveMaximum ?? 9e8) + 1;
  if (typeof answer === 'string') {
    if (shape.maxLength !== undefined) return answer.padEnd(shape.maxLength + 1, '!');
    return (shape.minLength ?? 0) > 0 ? '' : answer;
  }
  if (Array.isArray(answer)) {
    const items = answer.map((item: unknown) => breakLimits(item, shape.items ?? {}));
    const more = shape.maxItems === undefined ? 0 : Math.max(0, shape.maxItems + 1 - items.length);
    return [...items, ...Array.from({ length: more }, () => items[0])];
  }
  if (typeof answer !== 'object' || answer === null) return answer;
  const entries = Object.entries(answer).map(([name, value]): [string, unknown] => [
    name,
    breakLimits(value, shape.properties?.[name] ?? {}),
  ]);
  const broken = Object.fromEntries(entries);
  const isSame = JSON.stringify(broken) === JSON.stringify(answer);
  return isSame ? Object.fromEntries(entries.slice(1)) : broken;
}

/** What a hijacked model answers: the order found in the material, in every text, with top marks. */
export function obeyMaterial(answer: unknown, shape: Shape, question: Question): unknown {
  const order = findOrder(question.material);
  const obey = (value: unknown, at: Shape, name: string): unknown => {
    if (typeof value === 'number') return at.maximum ?? value;
    if (typeof value === 'string') {
      const isFree = !at.enum && !/^id$|Id$|_id$/u.test(name);
      return isFree && order !== ''
        ? order.slice(0, at.maxLength).padEnd(at.minLength ?? 0)
        : value;
    }
    if (Array.isArray(value)) return value.map((item: unknown) => obey(item, at.items ?? {}, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        obey(inner, at.properties?.[key] ?? {}, key),
      ]),
    );
  };
  return obey(answer, shape, '');
}
