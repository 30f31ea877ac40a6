import { describe, expect, it } from 'vitest';

import { knownRefusals, refusalWordsEn, refusalWordsZh } from './refusals.ts';

/** reference/youtube.md 4.3 and 4.4; what means busy, scope or reconnect is no refusal. */
const documented = [
  ...'forbidden forbiddenPrivacySetting forbiddenLicenseSetting youtubeSignupRequired'.split(' '),
  ...'accountDelegationForbidden authenticatedUserAccountClosed'.split(' '),
  ...'authenticatedUserAccountSuspended uploadLimitExceeded invalidTitle invalidDescription'.split(
    ' ',
  ),
  ...'invalidTags invalidCategoryId invalidPublishAt invalidVideoMetadata'.split(' '),
  ...'invalidRecordingDetails mediaBodyRequired defaultLanguageNotSet invalidFilename'.split(' '),
  ...'videoNotFound playlistNotFound videoAlreadyInPlaylist maxPlaylistExceeded invalidImage'.split(
    ' ',
  ),
  ...'captionExists contentRequired'.split(' '),
  ...'codec conversion emptyFile invalidFile tooSmall uploadAborted'.split(' '),
  ...'claim copyright duplicate inappropriate legal length termsOfUse trademark'.split(' '),
  ...'uploaderAccountClosed uploaderAccountSuspended'.split(' '),
];
const unknownEn = refusalWordsEn('unknown');
const unknownZh = refusalWordsZh('unknown');

describe('refusals', () => {
  it.each(documented)('%s has words of its own', (reason) => {
    expect(knownRefusals).toContain(reason);
    expect(refusalWordsEn(reason)).not.toEqual(unknownEn);
    expect(refusalWordsZh(reason)).not.toEqual(unknownZh);
  });

  it.each(knownRefusals)('%s is one sentence and a next step in both languages', (reason) => {
    const en = refusalWordsEn(reason);
    const zh = refusalWordsZh(reason);
    expect(en.message).toMatch(/^YouTube refused it: [a-z][^.]*[^.\s]\.$/u);
    expect(en.next).toMatch(/^[A-Z].+[^.]\.$/u);
    expect(en.message + en.next).not.toMatch(/\p{Script=Han}/u);
    expect(zh.message).toMatch(/^YouTube 拒绝了请求：.*\p{Script=Han}.*[^。]。$/u);
    expect(zh.next).toMatch(/^\p{Script=Han}.*[^。]。$/u);
    for (const words of [en, zh]) expect(words.message).not.toMatch(/[a-z][A-Z][a-z]+[A-Z]/u);
  });

  it.each(['unknown', '', 'constructor', '__proto__', 'toString', 'invalidtitle', 'somethingNew'])(
    'says no more than it knows about %j',
    (reason) => {
      expect(refusalWordsEn(reason)).toEqual({
        message: 'YouTube refused it: it does not accept this as it is.',
        next: 'YouTube Studio shows the details; nothing was charged for publishing.',
      });
      expect(refusalWordsZh(reason)).toEqual(unknownZh);
    },
  );

  it('names the true limits', () => {
    expect(refusalWordsEn('invalidTitle').message).toContain('1 to 100 characters');
    expect(refusalWordsEn('invalidDescription').message).toContain('5,000 bytes');
    expect(refusalWordsZh('invalidDescription').message).toContain('5000 字节');
    expect(refusalWordsEn('invalidTags').message).toContain('500 characters');
  });
});
