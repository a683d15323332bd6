import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Upstream } from '../../../model/upstream.ts';
import { KeptRoute } from '../kept-route.ts';
import { readText } from '../route-folder.ts';

const mark = '# sallyport: ';

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

export function headLine(head: SnippetHead): string {
  return mark + JSON.stringify(head);
}

/** `null` where there is no such file, or none of ours. */
export async function readHead(path: string): Promise<SnippetHead | null> {
  return headOf((await readText(path)) ?? '');
}

/** The heads of all files of ours in nginx' folder. */
export async function allHeads(folder: string): Promise<readonly SnippetHead[]> {
  const names = await readdir(folder).catch(() => []);
  const ours = names.filter((name) => name.startsWith('sallyport-') && name.endsWith('.conf'));
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
