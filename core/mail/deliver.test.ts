import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { createManualClock } from '../../sandbox/clock.ts';
import { startMail, type MailEmulator } from '../../sandbox/mail/mail.ts';
import { drainWith } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { openLetter, sendMailLater, type OutgoingMail } from './queue.ts';

const to = 'ada.lovelace@example.com';
const link = 'https://jilo.example/reset/new?token=canary-of-a-link';
const mail: OutgoingMail = { template: 'reset', link, to, locale: 'en' };

let server: MailEmulator;
let world: World;
beforeAll(async () => {
  server = await startMail({ clock: createManualClock(new Date('2026-11-22T08:00:00.000Z')) });
  const settings = { SMTP_URL: server.smtpUrl, MAIL_FROM: 'Jilo <no-reply@jilo.example>' };
  world = await createWorld({ settings });
});
beforeEach(() => void world.logs.splice(0));
afterEach(async () => {
  server.behave();
  await world.app.database.db.execute(sql`delete from pgboss.job where name like 'mail.%'`);
  server.clear();
});
afterAll(async () => {
  await world.close();
  await server.close();
});

const send = (changes: Partial<Pick<OutgoingMail, 'to' | 'locale'>> = {}) =>
  sendMailLater(world.app, world.app.database.db, { ...mail, ...changes });

/** Time for every try there is. */
async function waitLong(): Promise<void> {
  for (let minutes = 0; minutes < 120; minutes += 10) {
    await world.advance(600);
    await world.drain();
  }
}

const rows = z.array(z.object({ state: z.string(), data: z.unknown() }));
const jobsOf = async (name = 'mail.deliver') =>
  rows.parse(
    await world.app.database.db.execute(
      sql`select state, data from pgboss.job where name = ${name} order by created_on`,
    ),
  );

describe('a mail', () => {
  test.each(['en', 'zh'] as const)(
    'in %s is sent once its transaction is committed',
    async (locale) => {
      await world.app.database.db.transaction(async (tx) => {
        await sendMailLater(world.app, tx, { ...mail, locale });
        await world.drain();
        expect(server.mails()).toEqual([]);
      });
      await world.drain();
      const [got] = server.mails(to);
      expect(server.mails()).toHaveLength(1);
      expect(got?.subject).toBe(
        locale === 'en' ? 'Choose a new password for Jilo' : '设置新的 Jilo 密码',
      );
      expect(got?.text).toContain(link);
    },
  );

  test('of a transaction that is rolled back is never sent', async () => {
    const { db } = world.app.database;
    const asked = server.connections();
    const rolledBack = db.transaction(async (tx) => {
      await sendMailLater(world.app, tx, mail);
      throw new Error('taken back');
    });
    await expect(rolledBack).rejects.toThrow('taken back');
    await waitLong();
    expect([await jobsOf(), server.mails(), server.connections()]).toEqual([[], [], asked]);
  });

  test('without a transaction is sent too, each by itself', async () => {
    await send();
    await send({ to: 'eve@example.com' });
    await world.drain();
    expect(server.mails().map((one) => one.to)).toEqual(
      expect.arrayContaining([[to], ['eve@example.com']]),
    );
    expect(server.mails()).toHaveLength(2);
  });

  test('stands in the queue without its link, and opens for its own address only', async () => {
    await send();
    const [job] = await jobsOf();
    expect(JSON.stringify(job)).not.toMatch(/canary|reset\/new/u);
    const payload = z
      .object({ payload: z.looseObject({ id: z.string(), sealed: z.string() }) })
      .parse(job?.data).payload;
    const own = { id: payload.id, to, locale: 'en' as const, template: 'reset' };
    const { sealed } = payload;
    expect(openLetter(world.app, { ...own, sealed })).toEqual({ template: 'reset', link });
    const moved = { ...own, sealed, to: 'eve@example.com' };
    expect(() => openLetter(world.app, moved)).toThrow(/authenticate/u);
    const other = { ...own, sealed, id: 'mail_other' };
    expect(() => openLetter(world.app, other)).toThrow(/authenticate/u);
  });

  test.each([
    ['a line end in its address', { to: 'ada@example.com\r\nBcc: eve@example.com' }],
    ['two addresses', { to: 'ada@example.com,eve@example.com' }],
  ])('with %s is not taken in', async (_what, changes) => {
    await expect(send(changes)).rejects.toThrow(/[Ii]nvalid email/u);
    expect(await jobsOf()).toEqual([]);
  });
});

describe('a mail server', () => {
  test.each(['code_451', 'code_421', 'reset_before'] as const)(
    'that answers %s gets the mail again, and once',
    async (how) => {
      server.misbehave({ how, times: 1 });
      await send();
      await world.drain();
      expect(server.mails()).toEqual([]);
      await waitLong();
      expect(server.mails()).toHaveLength(1);
      expect(await jobsOf()).toMatchObject([{ state: 'completed' }]);
    },
  );

  test('that takes a mail and is not heard any more gets it twice', async () => {
    server.misbehave({ how: 'reset_after', times: 1 });
    await send();
    await waitLong();
    expect(server.mails()).toHaveLength(2);
  });

  test('that refuses for good is not asked again, and the log has no address in full', async () => {
    server.misbehave({ how: 'code_550', times: 1 });
    await send();
    await world.drain();
    const asked = server.connections();
    await waitLong();
    expect([server.mails(), server.connections()]).toEqual([[], asked]);
    const [line = ''] = world.logs.filter((one) => one.includes('refused for good'));
    expect(JSON.parse(line)).toMatchObject({ template: 'reset', to: 'a…@example.com' });
    expect(line).toContain('550');
    expect(world.logs.join('')).not.toMatch(/ada\.lovelace|canary/u);
  });

  test('that stays away is given up after about an hour', async () => {
    server.misbehave({ how: 'code_421', times: 100 });
    const before = server.connections();
    await send();
    await waitLong();
    await waitLong();
    expect(server.connections() - before).toBe(9);
    expect(world.logs.filter((line) => line.includes('a mail was given up'))).toHaveLength(1);
    expect(world.logs.join('')).not.toMatch(/ada\.lovelace|canary/u);
  });

  test('whose password is wrong has time until the settings are right', async () => {
    const login = { user: 'jilo', password: 'right' };
    const locked = await startMail({ clock: createManualClock(world.now()), login });
    const wrong = await createWorld({
      settings: { SMTP_URL: locked.smtpUrl.replace('right', 'wrong'), MAIL_FROM: 'a@b.example' },
    });
    try {
      await sendMailLater(wrong.app, wrong.app.database.db, mail);
      await wrong.drain();
      expect(locked.connections()).toBe(1);
      await wrong.advance(3600);
      const { mailer } = world.app.ports;
      if (!mailer) throw new Error('there is no mail');
      await drainWith(wrong, { ...wrong.app.ports, mailer });
      expect(server.mails()).toHaveLength(1);
    } finally {
      await wrong.close();
      await locked.close();
    }
  });
});

test('a product without a mail server gives the mail up and says so', async () => {
  const { mailer: _, ...others } = world.app.ports;
  await send();
  await drainWith(world, others);
  expect(server.mails()).toEqual([]);
  expect(world.logs.filter((line) => line.includes('a mail was given up'))).toHaveLength(1);
});
