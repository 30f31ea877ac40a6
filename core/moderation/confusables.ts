/** Letters that look like Latin ones, and what they look like. Only letters beyond ASCII are listed. */
const looks: Readonly<Record<string, string>> = {
  a: 'аαɑᴀ∀ӕⲁ',
  b: 'Ьвьβʙɓ฿',
  c: 'сϲᴄⅽçƈⲥ₵',
  d: 'ԁᴅɗđժ',
  e: 'еєεᴇɛҽ℮ⲉ€ё',
  f: 'ғꜰƒϝ₣',
  g: 'ɡɢցɠ',
  h: 'һнʜħհ',
  i: 'іιıɪɩӏͥї',
  j: 'јʝᴊϳ',
  k: 'кκᴋƙⲕ',
  l: 'ӏʟłⅼɭ|ւ',
  m: 'мᴍɱⅿ',
  n: 'ոпηɴŋиɳ',
  o: 'оοσᴏøօθѳⲟ๐০ʘ',
  p: 'рρᴘþƥⲣ',
  q: 'ԛզ',
  r: 'гʀɾяɼⲅ',
  s: 'ѕꜱʂֆš§',
  t: 'тτᴛŧƭ†',
  u: 'υᴜսʋц',
  v: 'νѵᴠⅴ',
  w: 'ԝωᴡшѡա₩',
  x: 'хχҳ×ⅹ',
  y: 'уγʏүყ¥ұ',
  z: 'ᴢʐƶ',
};

/** The Latin letter that a letter beyond ASCII looks like. */
export const lookAlikes: ReadonlyMap<string, string> = new Map(
  Object.entries(looks).flatMap(([letter, others]) =>
    Array.from(others)
      .filter((other) => other > '\u007f')
      .map((other): [string, string] => [other, letter]),
  ),
);
