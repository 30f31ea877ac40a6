const digits: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};

/** The characters of a small Chinese or Arabic number, for use in patterns. */
export const smallNumber = String.raw`\d{1,4}|[零〇一二两三四五六七八九十百半]{1,4}`;

const words: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  fifteen: 15,
  thirty: 30,
  sixty: 60,
  ninety: 90,
  half: 0.5,
};

/** Reads `15`, `十五`, `两`, `半`, `fifteen`; NaN for anything else. */
export function readNumber(text: string): number {
  const plain = text.trim().toLowerCase();
  if (/^\d+(?:\.\d+)?$/u.test(plain)) return Number(plain);
  const word = words[plain];
  if (word !== undefined) return word;
  if (plain === '半') return 0.5;
  return /^[零〇一二两三四五六七八九十百]+$/u.test(plain) ? readHan(plain) : NaN;
}

function readHan(text: string): number {
  let total = 0;
  let digit = 0;
  for (const character of text) {
    const value = digits[character];
    if (value !== undefined) {
      digit = value;
      continue;
    }
    total += (digit === 0 ? 1 : digit) * (character === '百' ? 100 : 10);
    digit = 0;
  }
  return total + digit;
}

const scales: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  千: 1e3,
  m: 1e6,
  million: 1e6,
  百万: 1e6,
  千万: 1e7,
  十万: 1e5,
  万: 1e4,
  b: 1e9,
  billion: 1e9,
  亿: 1e8,
  w: 1e4,
};

/** An amount such as `1.2M`, `100万`, `50k`, `百万`, for use in patterns. */
export const amount = String.raw`(?:[\d,]+(?:\.\d+)?|[一二两三四五六七八九十百]{1,3})?\s*(?:百万|千万|十万|亿|万|千|thousand|million|billion|[kmbw](?![a-z]))|[\d,]{2,}`;

/** Reads what `amount` matches. */
export function readAmount(text: string): number {
  const plain = text.trim().toLowerCase().replaceAll(',', '');
  const scale = /(?:百万|千万|十万|亿|万|千|thousand|million|billion|[kmbw])$/u.exec(plain)?.[0];
  const head = scale === undefined ? plain : plain.slice(0, -scale.length).trim();
  const value = head === '' ? 1 : readNumber(head);
  return Math.round(value * (scale === undefined ? 1 : (scales[scale] ?? 1)));
}
