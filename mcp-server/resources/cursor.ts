import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { Context } from '../../core/context.ts';

/** Where a page of a list ends. */
export type Place = { readonly at: Date; readonly uri: string };

const purpose = 'mcp resources';
const maxCursorLength = 400;
const cursorSchema = z.tuple([z.iso.datetime(), z.string(), z.string()]);

/** A place as a text that only we can write, and only the same account can use. */
export function writeCursor({ crypto, actor }: Context, { at, uri }: Place): string {
  const moment = at.toISOString();
  const signature = crypto.sign(purpose, actor.accountId, moment, uri);
  return Buffer.from(JSON.stringify([moment, uri, signature])).toString('base64url');
}

/** @throws ProtocolError -32602 for a cursor that was not written for this account. */
export function readCursor({ crypto, actor }: Context, cursor: string): Place {
  const written = cursor.length > maxCursorLength ? null : parseJson(cursor);
  const parsed = cursorSchema.safeParse(written);
  if (!parsed.success) throw unknownCursor();
  const [moment, uri, signature] = parsed.data;
  if (!crypto.verify(signature, purpose, actor.accountId, moment, uri)) throw unknownCursor();
  return { at: new Date(moment), uri };
}

function parseJson(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

const unknownCursor = (): ProtocolError =>
  new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    'This cursor is not known; list from the start',
  );
