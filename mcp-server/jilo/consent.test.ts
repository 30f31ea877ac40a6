import { afterAll, beforeAll, expect, test } from 'vitest';

import type { PendingApproval } from '../../core/consent/decide.ts';
import type { Context } from '../../core/context.ts';
import { isTool, needsConsent } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { questionFor } from './consent.ts';

let world: World;
let context: Context;
beforeAll(async () => {
  world = await createWorld();
  context = await world.context('mcp');
});
afterAll(() => world.close());

const asking = operations.filter((operation) => isTool(operation) && needsConsent(operation));

test.each(asking.map((operation) => ({ name: operation.name, operation })))(
  '$name can be asked about in a form of the protocol, with every field that a person decides',
  ({ name, operation }) => {
    const approval: PendingApproval = {
      id: 'apr_form',
      operation: name,
      surface: 'mcp',
      input: {},
      status: 'pending',
      preview: { title: name, lines: [], cost: 0 },
      expiresAt: world.now(),
    };
    const asked = { operation, raw: {}, context };
    const question = questionFor(approval, asked, { elicitation: { form: {} } });
    const schema = Object(question?.inputRequests?.['decision']?.params)['requestedSchema'];
    expect(Object.keys(schema.properties).toSorted()).toEqual(
      [...(operation.decidedByPerson ?? [])].toSorted(),
    );
    expect(schema.required).toBeUndefined();
  },
);
