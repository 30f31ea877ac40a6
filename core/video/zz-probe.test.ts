import { test } from 'vitest';
import postgres from 'postgres';
import { createWorld } from '../../test/kit/world.ts';
import { videoGenerate } from './generate.ts';
import { videoShow } from './show.ts';
test('x', async () => {
  let t = Date.now(); const lap = (s: string) => { console.log(s, Date.now() - t); t = Date.now(); };
  const w = await createWorld(); lap('world');
  const sql = postgres(w.databaseUrl, { max: 1 });
  await sql.unsafe(`alter database ${new URL(w.databaseUrl).pathname.slice(1)} set pgboss.test_clock = 'on'`);
  await sql.end(); lap('alter');
  const c = await w.context();
  for (const [model, seconds] of [['kling', 15], ['kling', 15], ['minimax', 15], ['wan', 15],['veo', 15],['kling',30], ['minimax-video-01', 15]] as const) {
  const v = await w.must(videoGenerate, { prompt: 'a paper boat sails', seconds, model }, c); lap('gen');
  await w.drain(); lap('drain1 ' + model + seconds);
  const s = await w.must(videoShow, { video: v['video'] }, c);
  console.log(w.emulators.fal.submits.length, s['status'], s['duration_seconds'], s['bytes']);
  }
  console.log(w.logs.join(''));
  await w.close(); lap('close');
});
