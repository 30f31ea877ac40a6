import assert from 'node:assert/strict';

/** Reads CSV as RFC 4180 has it, by its header. @throws AssertionError for anything that is none. */
export function readCsv(text: string): Record<string, string>[] {
  assert(text.startsWith('\u{FEFF}'), 'begins with the mark of UTF-8');
  assert(text.endsWith('\r\n'), 'ends with a line');
  const [header = [], ...rows] = readRows(text.slice(1));
  return rows.map((row) => {
    assert.equal(row.length, header.length, `as many cells as columns: ${row.join('|')}`);
    return Object.fromEntries(header.map((name, index) => [name, row[index] ?? '']));
  });
}

const cellPattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/uy;

function readRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; at = cellPattern.lastIndex) {
    cellPattern.lastIndex = at;
    const found = cellPattern.exec(text);
    assert(found, `no cell at ${at}: ${text.slice(at, at + 40)}`);
    const [, quoted, plain = '', end] = found;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
