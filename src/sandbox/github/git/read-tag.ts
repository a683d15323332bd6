import { gitMaybe } from './program.ts';
import type { Signature } from './read-commit.ts';

export interface TagFacts {
  readonly sha: string;
  readonly name: string;
  readonly object: string;
  readonly type: string;
  readonly tagger: Signature;
  readonly message: string;
}

/** An annotated tag's object; undefined when the SHA is none. */
export async function readTag(directory: string, sha: string): Promise<TagFacts | undefined> {
  const text = await gitMaybe(directory, ['cat-file', 'tag', sha]);
  if (text === undefined) return undefined;
  const end = text.indexOf('\n\n');
  const lines = text.slice(0, end < 0 ? undefined : end).split('\n');
  const fields = new Map(
    lines.map((line) => {
      const space = line.indexOf(' ');
      return [line.slice(0, space), line.slice(space + 1)] as const;
    }),
  );
  const field = (name: string): string => fields.get(name) ?? '';
  const tagger = /^(.*) <(.*)> (\d+) /.exec(field('tagger'));
  return {
    sha,
    name: field('tag'),
    object: field('object'),
    type: field('type'),
    tagger: {
      name: tagger?.[1] ?? '',
      email: tagger?.[2] ?? '',
      at: Number(tagger?.[3] ?? 0) * 1000,
    },
    message: end < 0 ? '' : text.slice(end + 2),
  };
}
