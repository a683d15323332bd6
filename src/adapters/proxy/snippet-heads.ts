import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { readText } from './route-folder.ts';

const mark = '# sallyport: ';

/** What the file of a route says about itself in a line of its own, and how that is found again. */
export interface SnippetHeads<Head> {
  readonly line: (head: Head) => string;
  /** `null` where there is no such file, or none of ours. */
  readonly read: (path: string) => Promise<Head | null>;
  /** The heads of all files of ours in a folder. */
  readonly all: (folder: string) => Promise<readonly Head[]>;
}

/** The heads of files called `sallyport-…` with this ending. */
export function snippetHeads<Schema extends z.ZodType>(
  schema: Schema,
  ending: string,
): SnippetHeads<z.output<Schema>> {
  type Head = z.output<Schema>;
  const headOf = (text: string): Head | null => {
    const line = text.split('\n').find((one) => one.startsWith(mark));
    if (line === undefined) return null;
    try {
      return schema.parse(JSON.parse(line.slice(mark.length)));
    } catch {
      return null;
    }
  };
  const read = async (path: string): Promise<Head | null> => headOf((await readText(path)) ?? '');
  return {
    line: (head) => mark + JSON.stringify(head),
    read,
    all: async (folder) => {
      const names = await readdir(folder).catch(() => []);
      const ours = names.filter((name) => name.startsWith('sallyport-') && name.endsWith(ending));
      const heads = await Promise.all(ours.map((name) => read(join(folder, name))));
      return heads.filter((head) => head !== null);
    },
  };
}
