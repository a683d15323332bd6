import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Digest } from '../../model/digest.ts';
import { StepFailure } from '../target.ts';
import { writeAtomically } from '../../disk/write-atomically.ts';

const DigestText = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .transform((text) => text as Digest);

const SavedChange = z
  .object({
    action: z.enum(['add', 'modify', 'remove', 'rename']),
    resource: z.string(),
    path: z.string().exactOptional(),
    from: z.string().exactOptional(),
    fields: z.array(z.string()).readonly().exactOptional(),
    breaking: z.boolean(),
    why: z.string().exactOptional(),
  })
  .readonly();

/** `plan.json` beside the file that the plan program wrote. */
const SavedPlan = z.object({
  schema: z.literal(1),
  /** Of the commit and the configuration that it is a plan for. */
  wanted: DigestText,
  changes: z.array(SavedChange).readonly(),
  risks: z.array(z.string()).readonly(),
  /** Of the file that the plan program wrote; `null` where it wrote none. */
  file: DigestText.nullable(),
});
export type SavedPlan = z.infer<typeof SavedPlan>;

/** A plan on this disk: what people approve, and the file from which it is applied. May hold secrets. */
export class PlanFolder {
  readonly folder: string;
  /** `{plan_file}`. */
  readonly file: string;
  readonly log: string;
  readonly #record: string;

  constructor(plans: string, name: string) {
    this.folder = join(plans, name);
    this.file = join(this.folder, 'plan');
    this.log = join(this.folder, 'plan.log');
    this.#record = join(this.folder, 'plan.json');
  }

  /** Nothing of an earlier plan is left. */
  async clear(): Promise<void> {
    await this.remove();
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  /** The plan file is this user's alone, on the disk, and what it is known by; `null` where there is none. */
  async seal(): Promise<Digest | null> {
    return this.#withFile(async (file) => {
      await file.chmod(0o600);
      await file.sync();
    });
  }

  async save(plan: SavedPlan): Promise<void> {
    await writeAtomically(this.#record, `${JSON.stringify(plan, null, 2)}\n`);
  }

  /** The plan that is here; `null` where there is none, or only a part of one. */
  async read(): Promise<SavedPlan | null> {
    try {
      return SavedPlan.parse(JSON.parse(await readFile(this.#record, 'utf8')));
    } catch {
      return null;
    }
  }

  /** Refuses a plan file that is not the one that was sealed. */
  async assertUntouched(plan: SavedPlan): Promise<void> {
    const found = await this.#withFile(async () => undefined);
    if (found === plan.file) return;
    const what = found === null ? 'is not there any more' : 'is not the one that was planned';
    throw new StepFailure('plan_changed', `the plan file ${this.file} ${what}`, [
      'deploy again: it is planned anew',
    ]);
  }

  /** Its word that it is complete goes first. */
  async remove(): Promise<void> {
    await rm(this.#record, { force: true });
    await rm(this.folder, { recursive: true, force: true });
  }

  async #withFile(act: (file: FileHandle) => Promise<void>): Promise<Digest | null> {
    const file = await this.#open();
    if (file === null) return null;
    try {
      await assertFile(file, this.file);
      await act(file);
      const hash = createHash('sha256');
      for await (const chunk of file.createReadStream({ autoClose: false, start: 0 })) {
        hash.update(chunk as Buffer);
      }
      return `sha256:${hash.digest('hex')}`;
    } finally {
      await file.close();
    }
  }

  /** A link would lead to a file that others may change, a pipe to nowhere. */
  async #open(): Promise<FileHandle | null> {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    try {
      return await open(this.file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return null;
      if (code === 'ELOOP') throw notAFile(this.file);
      throw error;
    }
  }
}

type FileHandle = Awaited<ReturnType<typeof open>>;

async function assertFile(file: FileHandle, path: string): Promise<void> {
  if (!(await file.stat()).isFile()) throw notAFile(path);
}

function notAFile(path: string): StepFailure {
  return new StepFailure('plan_failed', `the plan program made ${path} something else than a file`);
}
