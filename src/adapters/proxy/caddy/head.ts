import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { KeptRoute } from '../kept-route.ts';
import { readText } from '../route-folder.ts';

/** What is remembered of a route; Caddy says whether it is in force. */
const Head = z.strictObject({
  schema: z.literal(1),
  /** As it was asked for. */
  route: KeptRoute,
  port: z.int(),
});
export type Head = z.output<typeof Head>;

/** `null` where there is no such file, or it is broken: then the route is made anew. */
export async function readHead(path: string): Promise<Head | null> {
  const text = await readText(path);
  if (text === null) return null;
  try {
    return Head.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export async function allHeads(top: string): Promise<readonly Head[]> {
  const names = await readdir(top).catch(() => []);
  const heads = await Promise.all(
    names.map((name) => readHead(join(top, name, 'route.json')).catch(() => null)),
  );
  return heads.filter((head) => head !== null);
}
