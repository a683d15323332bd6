import type { AppWorld } from '../../src/app/world.ts';
import { FollowUps } from '../../src/app/follow-ups.ts';
import type { CommentEvent } from '../../src/app/events/comment.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { shortDigest, signRecord } from '../../src/deploy/record-codec.ts';
import type { HostRecord, LedgerRecord, UnitRecord } from '../../src/model/record.ts';
import type { Note } from '../../src/model/note.ts';
import { generateSigningKey } from '../../src/model/keys.ts';
import { createMemoryWorld } from '../support/memory-ledger.ts';
import { base, facts, head, memoryGithub, pushedAt, type Facts } from './memory-github.ts';

export const hostKey = generateSigningKey();

export const config = `
version: 1
targets:
  web:
    kind: service
    run: [node, server.js]
    ports: { blue: 8001, green: 8002 }
    proxy: { listen: 8080 }
agents:
  web-1: { key: "${hostKey.public.text}", environments: [production, staging] }
environments:
  production: { hosts: [web-1], targets: [web] }
  staging: { sync: auto, hosts: [web-1], trigger: { branches: main, tags: "v*" } }
`;

/** An App whose GitHub and ledger are in memory. */
export function appBench(change: (known: Facts) => void = () => {}) {
  const known = facts();
  for (const sha of [base, head]) known.files[`.github/sallyport.yml@${sha}`] = config;
  change(known);
  const memory = memoryGithub(known);
  const ledgers = createMemoryWorld(1);
  const ledger = ledgers.connect();
  const shown: string[] = [];
  ledger.show = (deployment, state) => Promise.resolve(void shown.push(`${deployment} ${state}`));
  const logged: string[] = [];
  const told: Note[] = [];
  const log = (message: string) => void logged.push(message);
  const key = generateSigningKey();
  const world: AppWorld = {
    repository: {
      id: 7,
      owner: 'acme',
      name: 'shop',
      defaultBranch: 'main',
      url: 'https://github.com/acme/shop',
    },
    github: memory.github,
    ledger,
    reader: new LedgerReader(ledger, {
      repository: 7,
      app: [{ key: key.public, environments: 'all' }],
    }),
    followUps: new FollowUps(),
    tell: (note) => Promise.resolve(void told.push(note)),
    key,
    clock: ledgers.clock,
    log: { info: log, warn: log, error: log },
  };
  let opened = 0;
  const open = () => {
    opened += 1;
    return Promise.resolve(world);
  };
  const environment = async (name = 'production') =>
    (await world.reader.refresh()).environments.get(name);
  /** What the host says of the first target of a deployment. */
  const say = (
    deployment: number,
    state: UnitRecord['state'],
    { words = '', ...over }: Partial<UnitRecord> & { words?: string } = {},
  ) =>
    write(deployment, words, (base) => ({
      ...base,
      kind: 'unit',
      state,
      target: 0,
      attempt: 1,
      ...over,
    }));
  /** People acted on the host itself. */
  const held = (deployment: number) =>
    write(deployment, '', (base) => ({ ...base, kind: 'host', state: 'held', number: 1 }));
  const write = async (
    deployment: number,
    words: string,
    recordOf: (base: RecordBase) => LedgerRecord,
  ) => {
    const { environments, now } = await world.reader.refresh();
    const views = [...environments.values()].flatMap(({ deployments }) => deployments);
    const { digest, job } = views.find((one) => one.deployment === deployment)!;
    const base = {
      job: shortDigest(digest),
      host: 0,
      plan: null,
      reason: 'none',
      at: now,
    } as const;
    const token = signRecord(recordOf(base), hostKey);
    const shown = {
      state: 'in_progress',
      environment: job.environment,
      description: words,
    } as const;
    await ledger.append({ deployment, token, ...shown });
  };
  return {
    ...memory,
    say,
    held,
    known,
    ledgers,
    world,
    open,
    opened: () => opened,
    environment,
    shown,
    logged,
    told,
  };
}

export function commentOf(body: string, over: Partial<CommentEvent> = {}): CommentEvent {
  return {
    issue: 3,
    isPull: true,
    comment: 99,
    body,
    at: pushedAt + 60_000,
    author: { id: 5, login: 'mona' },
    isByPerson: true,
    ...over,
  };
}

type RecordBase = Pick<HostRecord, 'job' | 'host' | 'plan' | 'reason' | 'at'>;
