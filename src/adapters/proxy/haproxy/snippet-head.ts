import { z } from 'zod';
import { Upstream } from '../../../model/upstream.ts';
import { KeptRoute } from '../kept-route.ts';
import { snippetHeads } from '../snippet-heads.ts';

/** What the file of a route says about itself in its second line. */
const SnippetHead = z.strictObject({
  schema: z.literal(1),
  /** As it was asked for. */
  route: KeptRoute,
  port: z.int(),
  /** What HAProxy has in a variable when it has loaded this file; servers do not change it. */
  proof: z.string(),
  /** What stands behind the names of servers. */
  servers: z.array(z.strictObject({ name: z.string(), slot: z.string(), upstream: Upstream })),
});
export type SnippetHead = z.output<typeof SnippetHead>;

export const { line: headLine, read: readHead, all: allHeads } = snippetHeads(SnippetHead, '.cfg');
