import { Router } from 'express';
import { z } from 'zod';

import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { readChart } from '../core/stats/read-chart.ts';
import { answerAs } from './errors.ts';

const addressSchema = z.object({
  content: z.string().regex(/^[\w-]{1,1000}$/),
  exp: z.string().regex(/^\d{1,12}$/),
  sig: z.string().min(1).max(200),
});
/** The numbers behind it change once an hour. */
const freshSeconds = 300;

/** `GET /charts/<content>.png?exp&sig`: a chart, drawn for whoever holds its signed address. */
export function chartRoutes(services: Services): Router {
  const router = Router();
  router.get('/charts/:content.png', answerAs({ as: 'page' }), async (request, response) => {
    const address = addressSchema.safeParse({ ...request.query, ...request.params });
    if (!address.success) throw new Fault('link_not_valid', {});
    const { content, ...signed } = address.data;
    const picture = await readChart(services, content, signed);
    if (!picture) throw new Fault('link_not_valid', {});
    response
      .set({
        'Content-Type': 'image/png',
        'Cache-Control': `private, max-age=${freshSeconds}`,
        // The address is the permission, so another site may show it.
        'Cross-Origin-Resource-Policy': 'cross-origin',
      })
      .send(picture);
  });
  return router;
}
