import { readFile, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../disk/write-atomically.ts';
import type { Digest } from '../model/digest.ts';
import { isWhole } from '../model/plan.ts';
import { unitKey } from '../model/unit.ts';
import type { UnitPlan } from '../report/views.ts';
import { isLocal } from './outage/local-number.ts';

/** How many deployments' plans are kept. */
const most = 50;

/**
 * What this host would change, by deployment: `<folder>/<deployment>.json`, for people and for what is
 * shown of a plan elsewhere. Nothing is decided from it: what is applied is planned again.
 */
export class PlanStore {
  readonly #folder: string;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts the plan in the place of an earlier one of the same unit. Rejects where the disk does. */
  save(deployment: number, plan: UnitPlan): Promise<void> {
    const saved = this.#writing.then(() => this.#save(deployment, plan));
    this.#writing = saved.catch(() => undefined);
    return saved;
  }

  /** None for a deployment that was not planned here, was forgotten, or whose file is damaged. */
  async plansOf(deployment: number): Promise<readonly UnitPlan[]> {
    const text = await readFile(this.#pathOf(deployment), 'utf8').catch(() => '');
    return Plans.safeParse(parseJson(text)).data?.plans.filter(isWhole) ?? [];
  }

  async #save(deployment: number, plan: UnitPlan): Promise<void> {
    const others = (await this.plansOf(deployment)).filter((each) => keyOf(each) !== keyOf(plan));
    const path = this.#pathOf(deployment);
    await writeAtomically(path, JSON.stringify({ schema: 1, plans: [...others, plan] }));
    await this.#prune();
  }

  async #prune(): Promise<void> {
    const kept = (await readdir(this.#folder))
      .flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : []))
      .toSorted((a, b) => b - a);
    // Numbers of a host's own deployments are always higher; GitHub's must not go first for that.
    const old = [...Map.groupBy(kept, isLocal).values()].flatMap((each) => each.slice(most));
    for (const deployment of old) await unlink(this.#pathOf(deployment));
  }

  #pathOf(deployment: number): string {
    return join(this.#folder, `${deployment}.json`);
  }
}

const DigestText = z.custom<Digest>(
  (text) => typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text),
);
const Change = z.strictObject({
  action: z.enum(['add', 'modify', 'remove', 'rename']),
  resource: z.string(),
  path: z.string().exactOptional(),
  from: z.string().exactOptional(),
  fields: z.array(z.string()).exactOptional(),
  breaking: z.boolean(),
  why: z.string().exactOptional(),
});
const Plans = z.strictObject({
  schema: z.literal(1),
  plans: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.string(),
      host: z.string().nullable(),
      digest: DigestText,
      wanted: DigestText.nullable(),
      changes: z.array(Change),
      risk: z.enum(['none', 'low', 'high']),
      reasons: z.array(z.string()),
      unmanaged: z.array(z.string()),
    }),
  ),
});

function keyOf({ name, host }: UnitPlan): string {
  return unitKey({ target: name, host });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
