import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Upstream } from '../../../model/upstream.ts';

const mark = '# sallyport: ';

/** What the file of a route says about itself in its second line: there is no other state that could differ. */
const SnippetHead = z.strictObject({
  schema: z.literal(1),
  /** As it was asked for. */
  route: z.strictObject({
    name: z.string(),
    listen: z.int(),
    tls: z.strictObject({ certificate: z.string(), key: z.string() }).optional(),
    serverNames: z.array(z.string()).readonly().optional(),
    upstreams: z.array(Upstream).readonly().optional(),
    preview: z.strictObject({ header: z.string(), cookie: z.string() }).optional(),
  }),
  port: z.int(),
  /** nginx answers with 204 at this path when it has loaded exactly this file. */
  proof: z.string(),
  /** In the mode `reload`: where the traffic goes. */
  target: z.strictObject({ slot: z.string(), upstream: Upstream }).nullable(),
});
export type SnippetHead = z.output<typeof SnippetHead>;

export function headLine(head: SnippetHead): string {
  return mark + JSON.stringify(head);
}

/** `null` where there is no such file, or none of ours. */
export async function readHead(path: string): Promise<SnippetHead | null> {
  return headOf((await readText(path)) ?? '');
}

export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function headOf(text: string): SnippetHead | null {
  const line = text.split('\n').find((one) => one.startsWith(mark));
  if (line === undefined) return null;
  try {
    return SnippetHead.parse(JSON.parse(line.slice(mark.length)));
  } catch {
    return null;
  }
}
