import { z } from 'zod';
import { Upstream } from '../../../model/upstream.ts';
import { KeptRoute } from '../kept-route.ts';
import { snippetHeads } from '../snippet-heads.ts';

/** What the file of a route says about itself in its second line: there is no other state that could differ. */
const SnippetHead = z.strictObject({
  schema: z.literal(1),
  /** As it was asked for. */
  route: KeptRoute,
  port: z.int(),
  /** nginx answers with 204 at this path when it has loaded exactly this file. */
  proof: z.string(),
  /** In the mode `reload`: where the traffic goes. */
  target: z.strictObject({ slot: z.string(), upstream: Upstream }).nullable(),
});
export type SnippetHead = z.output<typeof SnippetHead>;

export const { line: headLine, read: readHead, all: allHeads } = snippetHeads(SnippetHead, '.conf');
