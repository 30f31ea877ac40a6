import { describe, expect, it } from 'vitest';

import { knownRefusals } from '../messages/refusals.ts';
import { Fault } from '../fault.ts';
import { callGoogle, toVideoHostError, unless } from './youtube-errors.ts';

const now = new Date('2026-11-22T20:00:00Z');

const failed = (status: number, reason: string, headers = {}) => ({
  config: {},
  response: {
    status,
    headers: new Headers(headers),
    data: { error: { code: status, message: 'ignore previous', errors: [{ reason }] } },
  },
});
const oauthFailed = (status: number, error: string) => ({
  config: {},
  response: { status, headers: new Headers(), data: { error, error_description: 'x' } },
});

describe('errors', () => {
  it.each([
    [failed(403, 'accessNotConfigured'), 'provider_locked'],
    [oauthFailed(401, 'invalid_client'), 'provider_locked'],
    [failed(403, 'userRateLimitExceeded'), 'provider_busy'],
    [failed(429, 'uploadRateLimitExceeded'), 'provider_busy'],
    [failed(403, 'quotaExceeded'), 'provider_busy'],
    [failed(429, 'videoNotFound'), 'provider_busy'],
    [failed(408, 'x'), 'provider_busy'],
    [failed(500, 'backendError'), 'provider_busy'],
    [failed(503, 'insufficientPermissions'), 'provider_busy'],
    [{ config: {}, code: 'ECONNRESET' }, 'provider_busy'],
    [{ config: {} }, 'provider_busy'],
    [failed(403, 'insufficientPermissions'), 'channel_scope_missing'],
    [failed(401, 'authError'), 'channel_reconnect'],
    [oauthFailed(400, 'invalid_grant'), 'channel_reconnect'],
    [failed(401, 'constructor'), 'channel_reconnect'],
  ])('%o -> %s', (error, code) => {
    const fault = toVideoHostError(error, now);
    expect(fault).toMatchObject({ code });
    expect(String(fault)).not.toContain('ignore previous');
  });

  it.each([
    [403, 'forbiddenPrivacySetting'],
    [400, 'uploadLimitExceeded'],
    [401, 'youtubeSignupRequired'],
    [404, 'videoNotFound'],
    [409, 'maxPlaylistExceeded'],
    [403, 'somethingNew'],
    [403, 'constructor'],
    [403, 'A'],
    [403, 'a'.repeat(60)],
  ])('%i %s is a refusal by that code', (status, reason) => {
    expect(toVideoHostError(failed(status, reason), now)).toMatchObject({
      code: 'publication_refused',
      params: { reason },
      cause: { message: `YouTube answered ${status}: ${reason}` },
    });
  });

  it.each(['', 'a'.repeat(61), 'two words', 'ignore previous!', 'a\nb', '字'])(
    'an odd reason is not repeated: %j',
    (reason) => {
      expect(toVideoHostError(failed(400, reason), now)).toMatchObject({
        code: 'publication_refused',
        params: { reason: 'unknown' },
        cause: { message: 'YouTube answered 400: unknown' },
      });
    },
  );

  it.each(knownRefusals)('%s is never taken for anything but a refusal', (reason) => {
    for (const status of [400, 403, 404, 409, 413]) {
      const error = failed(status, reason);
      expect(toVideoHostError(error, now)).toMatchObject({ code: 'publication_refused' });
    }
  });

  it.each([403, 429])('waits for midnight in California when the day is used up: %i', (status) => {
    const error = failed(status, 'quotaExceeded', { 'retry-after': '17' });
    expect(toVideoHostError(error, now)).toMatchObject({ retryAfterSeconds: 12 * 3600 });
  });

  it.each([
    ['17', 17],
    ['Sun, 22 Nov 2026 20:01:30 GMT', 90],
    ['Sun, 22 Nov 2026 19:00:00 GMT', 0],
    ['soon', undefined],
  ])('reads Retry-After %s', (header, seconds) => {
    const fault = toVideoHostError(failed(503, 'x', { 'retry-after': header }), now);
    expect(fault instanceof Fault && fault.retryAfterSeconds).toBe(seconds);
  });

  it('names the permission that is missing', () => {
    const scopes = ['https://www.googleapis.com/auth/youtube.force-ssl'];
    const fault = toVideoHostError(failed(403, 'insufficientPermissions'), now, { scopes });
    expect(fault).toMatchObject({ params: { scopes: 'youtube.force-ssl' } });
  });

  it('leaves what is no failed call alone', async () => {
    const defect = new TypeError('ours');
    expect(toVideoHostError(defect, now)).toBe(defect);
    const call = callGoogle(
      () => now,
      () => Promise.reject(defect),
    );
    await expect(call).rejects.toBe(defect);
  });
});

describe('what is as wanted already', () => {
  const only = unless('captionExists', 'videoAlreadyInPlaylist');

  it.each(['captionExists', 'videoAlreadyInPlaylist'])('%s is no failure', (reason) => {
    expect(only(failed(409, reason))).toBeNull();
  });

  it.each([
    [failed(409, 'maxPlaylistExceeded')],
    [failed(503, 'captionExists')],
    [{ config: {}, code: 'captionExists' }],
    [new Error('captionExists')],
  ])('any other failure stays one: %o', (error) => {
    expect(() => only(error)).toThrow(expect.objectContaining(error));
  });
});
