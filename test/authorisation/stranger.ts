import type { World } from '../kit/world.ts';
import { createVisitor, formFields, signUp } from '../kit/visitor.ts';

/** Somebody who is signed in in a browser, and has nothing to do with the three. */
export type Stranger = {
  /** The Cookie header of the browser. */
  readonly cookie: string;
  /** The hidden field of the forms of that session. */
  readonly csrf: string;
};

/** Signs somebody up by the pages; what waits in the queue is worked off for the mail. */
export async function enterStranger(world: World): Promise<Stranger> {
  const visitor = createVisitor(world.publicUrl);
  await signUp(world, visitor, 'stranger@example.org');
  const page = await visitor.open('/tokens');
  const { csrf } = formFields(page.text, '/tokens');
  if (!csrf) throw new Error('the stranger is not signed in');
  const cookie = [...visitor.cookies].map((pair) => pair.join('=')).join('; ');
  return { cookie, csrf };
}
