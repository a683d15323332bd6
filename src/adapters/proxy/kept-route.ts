import { z } from 'zod';
import { Upstream } from '../../model/upstream.ts';

/** A route as it was asked for, in a file of ours. */
export const KeptRoute = z.strictObject({
  name: z.string(),
  listen: z.int(),
  tls: z.strictObject({ certificate: z.string(), key: z.string() }).optional(),
  serverNames: z.array(z.string()).readonly().optional(),
  upstreams: z.array(Upstream).readonly().optional(),
  preview: z.strictObject({ header: z.string(), cookie: z.string() }).optional(),
});
