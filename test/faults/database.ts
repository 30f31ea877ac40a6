import postgres from 'postgres';

/** A copy of a migrated database that nobody is connected to, on the same server. */
export async function copyOf(url: string, name: string): Promise<string> {
  const admin = new URL(url);
  const template = admin.pathname.slice(1);
  admin.pathname = '/postgres';
  const sql = postgres(admin.href, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(`create database ${name} template ${template}`);
  } finally {
    await sql.end();
  }
  admin.pathname = `/${name}`;
  return admin.href;
}
