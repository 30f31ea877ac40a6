import { mediaLink } from '../media-link.ts';
import type { Services } from '../context.ts';
import { readSection } from './export-section.ts';
import { exportSections } from './export-sections.ts';

/** Raised when a reader of the file would have to change. */
const schema = 'jilo.account/1';

/** Everything that an account holds as one JSON document: a list for each table, a row a line. */
export async function* writeExport(
  services: Services,
  accountId: string,
): AsyncGenerator<string, void> {
  const created_at = services.clock.now().toISOString();
  const head = JSON.stringify({ schema, account: accountId, created_at });
  const reader = { accountId, linkOf: (key: string) => mediaLink(services, key) };
  yield head.slice(0, -1);
  for (const section of exportSections) {
    yield `,\n${JSON.stringify(section.name)}:[`;
    let comma = '';
    for await (const row of readSection(services.database.db, section, reader)) {
      yield `${comma}\n${JSON.stringify(row)}`;
      comma = ',';
    }
    yield ']';
  }
  yield '}\n';
}
