import { git } from './program.ts';

/** A file's new content; null removes it. */
export type FileContent =
  string | Uint8Array | null | { readonly content: string; readonly executable: true };

export interface CommitDraft {
  readonly branch: string;
  /** Undefined for the first commit of a repository. */
  readonly parent: string | undefined;
  readonly files: Readonly<Record<string, FileContent>>;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Writes a commit on top of `parent`, makes it the branch's head, and answers with its SHA. */
export async function writeCommit(directory: string, draft: CommitDraft): Promise<string> {
  const ref = `refs/heads/${draft.branch}`;
  const input = fastImport(ref, draft);
  await git(directory, ['fast-import', '--quiet', '--force', '--done'], { input });
  return git(directory, ['rev-parse', '--verify', ref]);
}

function fastImport(ref: string, draft: CommitDraft): Buffer {
  const when = `${Math.floor(draft.at / 1000)} +0000`;
  const who = `${draft.author.name} <${draft.author.email}> ${when}`;
  const parts: (string | Uint8Array)[] = [
    `commit ${ref}\nauthor ${who}\ncommitter ${who}\n`,
    ...data(draft.message),
    draft.parent === undefined ? '' : `from ${draft.parent}\n`,
  ];
  for (const [path, content] of Object.entries(draft.files)) parts.push(...change(path, content));
  parts.push('\ndone\n');
  return Buffer.concat(parts.map((part) => Buffer.from(part as string)));
}

function change(path: string, content: FileContent): (string | Uint8Array)[] {
  const quoted = JSON.stringify(path);
  if (content === null) return [`D ${quoted}\n`];
  if (typeof content === 'string' || content instanceof Uint8Array) {
    return [`M 100644 inline ${quoted}\n`, ...data(content)];
  }
  return [`M 100755 inline ${quoted}\n`, ...data(content.content)];
}

function data(content: string | Uint8Array): (string | Uint8Array)[] {
  return [`data ${Buffer.byteLength(content)}\n`, content, '\n'];
}
