import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Upstream } from '../../../model/upstream.ts';
import { KeptRoute } from '../kept-route.ts';
import { readText } from '../route-folder.ts';

const mark = '# sallyport: ';

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

export function headLine(head: SnippetHead): string {
  return mark + JSON.stringify(head);
}

/** `null` where there is no such file, or none of ours. */
export async function readHead(path: string): Promise<SnippetHead | null> {
  return headOf((await readText(path)) ?? '');
}

/** The heads of all files of ours in HAProxy's folder. */
export async function allHeads(folder: string): Promise<readonly SnippetHead[]> {
  const names = await readdir(folder).catch(() => []);
  const ours = names.filter((name) => name.startsWith('sallyport-') && name.endsWith('.cfg'));
  const heads = await Promise.all(ours.map((name) => readHead(join(folder, name))));
  return heads.filter((head) => head !== null);
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
