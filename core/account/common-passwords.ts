import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/**
 * Words that the best known lists of stolen passwords are made of; with digits behind them they meet the
 * rules, and are tried first (OWASP ASVS 6.2.4).
 */
const words = new Set(
  `password passwort passwd passw0rd p@ssw0rd p@ssword pa55word pass pass@word passpass mypassword
  secret geheim changeme changeit default temporary temppass letmein letmeinnow welcome welcometo
  hello helloworld login admin administrator root user guest test tester testing demo sample
  qwerty qwertyuiop qwertz qwert azerty asdf asdfgh asdfghjkl asdfasdf zxcvbn zxcvbnm qazwsx qazwsxedc
  qweasd qweasdzxc qweqwe asdasd zxczxc asdqwe poiuytrewq
  abc abcd abcde abcdef abcdefg abcdefgh aabbcc aaabbb abcabc xyz
  iloveyou iloveu loveyou lovely love lover loveme ilove sweety sweetheart honey babygirl princess
  angel angels baby bubbles butterfly flower flowers sunshine rainbow
  monkey dragon tiger lion eagle falcon panther bulldog puppy kitty cookie chocolate banana cheese
  football baseball basketball soccer hockey liverpool arsenal chelsea barcelona realmadrid ronaldo messi
  superman batman spiderman ironman starwars pokemon pikachu naruto minecraft fortnite roblox
  master shadow killer hunter ranger ninja samurai warrior wizard matrix trustno freedom whatever
  michael jordan michelle jessica ashley daniel thomas charlie robert matthew andrew joshua jennifer
  nicole anthony william samantha george maria alexander computer internet google youtube facebook
  instagram tiktok twitter discord windows samsung iphone android microsoft apple
  january february march april june july august september october november december monday friday
  spring summer autumn winter london paris berlin america canada china beijing shanghai
  woaini woaiwo woaiwojia wodemima mima nihao zhang wang liang zhongguo caonima aini baobao
  qq aa asd zxc qwe woshi wo a q z x`
    .split(/\s+/u)
    .filter(Boolean),
);

/** Whole passwords of the same lists, which digits begin or run through. */
const whole = new Set(
  `1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 1qaz2wsx 1qaz2wsx3edc 1qaz@wsx
  1qazxsw2 zaq12wsx zaq1xsw2 xsw21qaz 2wsx3edc qaz123wsx 123qweasd 123qweasdzxc 123qwe123 123qwe456
  qwe123qwe qwe123asd 1234qwer qwer1234 qwer4321 asdf1234 1234asdf zxcv1234 1234abcd abcd1234 abc12345
  abc123456 abc1234567 abc12345678 abc123abc 123abc123 123456abc 12345abc 1234567a 12345678a
  123456789a 1234567890a 123456aa 123456qq 123456asd 123456qwe 12345qwert qwert12345 qwerty12345
  qwerty123456 a1234567 a12345678 a123456789 a1234567890 aa123456 aa12345678 aa123456789 q1234567
  q12345678 q123456789 z123456789 w123456789 x123456789 s123456789 m123456789 qq123456 qq123456789
  qq12345678 asd123456 asd123456789 zxc123456 qwe123456 qwe12345 wang123456 zhang123456 woaini1314
  woaini520 woaini521 woaini123 5201314a a5201314 aini1314 1314520a 1314woaini 520woaini iloveyou123456
  password12345 password123456 password1234567 admin12345 admin123456 test12345 test123456 hello12345
  user12345 pass12345 pass123456 pass1234 1password 123password 1234password g_czechout 3rjs1la7qe
  18atcskd2w 1a2b3c4d 1a2b3c4d5e a1b2c3d4 a1b2c3d4e5 a1s2d3f4 1z2x3c4v z1x2c3v4 1v7upjw3nt
  d1lakiss w1985198 r2d2c3po ncc1701d trustno1 charlie1 jordan23 michael1 blink182 sunshine1`
    .split(/\s+/u)
    .filter(Boolean),
);

/** The 3,000 most used passwords that our other rules let through, from zxcvbn's list, one a line in small letters. */
const list = new URL('listed-passwords.txt.gz', import.meta.url);

let read: ReadonlySet<string> | null = null;

/** Read with the first password that is chosen: most processes never see one. */
function listed(): ReadonlySet<string> {
  read ??= new Set(gunzipSync(readFileSync(list)).toString('utf8').split('\n').filter(Boolean));
  return read;
}

/** How many digits and signs behind a known word make nothing better of it. */
const endings = /[^\p{L}]{1,4}$/u;

/** Whether a password is one of those that everybody tries first, however it is written. */
export function isCommonPassword(password: string): boolean {
  const plain = password.normalize('NFKC').toLowerCase();
  const unsigned = plain.replace(/[^\p{L}\p{N}]+$/u, '');
  const stem = plain.replace(endings, '');
  return (
    [plain, unsigned].some((one) => whole.has(one) || listed().has(one)) ||
    [plain, unsigned, stem].some((one) => words.has(one)) ||
    /^(.)\1+$/u.test(stem)
  );
}
