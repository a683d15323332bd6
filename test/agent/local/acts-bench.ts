import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileLedger } from '../../../src/adapters/ledger/file/open-ledger.ts';
import type { ActRequest } from '../../../src/agent/local/act-request.ts';
import type { ActsWorld } from '../../../src/agent/local/acts-world.ts';
import { createIssueHere } from '../../../src/agent/local/issue-here.ts';
import { OrderlyReader } from '../../../src/agent/local/orderly-reader.ts';
import { createPerformAct } from '../../../src/agent/local/perform-act.ts';
import type { StopTrafficAsk } from '../../../src/agent/stop-traffic.ts';
import { parseRepositoryConfig } from '../../../src/config/parse.ts';
import type { DeploymentView } from '../../../src/deploy/fold-deployment.ts';
import type { EnvironmentView } from '../../../src/deploy/fold-environment.ts';
import { shortDigest, signRecord } from '../../../src/deploy/record-codec.ts';
import type { Digest } from '../../../src/model/digest.ts';
import { SallyportError } from '../../../src/model/errors.ts';
import { generateSigningKey } from '../../../src/model/keys.ts';
import type { LedgerRecord, UnitRecord } from '../../../src/model/record.ts';
import type { Git } from '../../../src/ports/git.ts';
import type { Ledger } from '../../../src/ports/ledger.ts';
import { JumpingClock } from '../jumping-clock.ts';

export const shas = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];
const signal = new AbortController().signal;

type Verb = ActRequest['verb'];
type Asked = {
  [Each in Verb]: Partial<Extract<ActRequest, { verb: Each }>> & { verb: Each };
}[Verb];

/** A host of its own with a real ledger in a file, a made-up repository, and people who ask. */
export class ActsBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'sallyport-acts-'));
  readonly key = generateSigningKey();
  readonly clock = new JumpingClock(Date.parse('2026-05-01T12:00:00Z'));
  readonly ledger: Ledger;
  readonly reader: OrderlyReader;
  readonly deployed: string[] = [];
  readonly held = new Set<string>();
  readonly stopped: StopTrafficAsk[] = [];
  /** What the branch and the tags are at. */
  refs = [
    { name: 'refs/heads/main', sha: shas[0] },
    { name: 'refs/tags/v1', sha: shas[1] },
  ];
  reachable = true;
  policy = this.policyWith('approvals: 1, approvers: [bob, cleo], author_may_approve: false');
  #requests = 0;

  /** `first` is the number of the ledger's first deployment. */
  constructor(first = 1) {
    this.ledger = openFileLedger(join(this.folder, 'ledger'), { clock: this.clock, first });
    const app = [{ key: this.key.public, environments: 'all' as const }];
    this.reader = new OrderlyReader(this.ledger, { repository: 0, app });
  }

  policyWith(require: string, agent = this.key.public.text): string {
    return `version: 1
targets:
  tiles: { kind: files, source: tiles, destination: /srv/tiles }
agents:
  web-1: { key: "${agent}", environments: [production, staging] }
environments:
  production: { require: { ${require} } }
`;
  }

  world(over: Partial<ActsWorld> = {}): ActsWorld {
    const { key, clock, ledger } = this;
    const base = {
      host: 'web-1',
      environments: ['production', 'staging'],
      key,
      ledger,
      reader: async () => this.reader,
      clock,
      git: async () => this.#git(),
      policyNow: async (name: string) => this.#policyOf(name),
    };
    return {
      ...base,
      origins: ['git', 'operator'],
      isOnGithub: false,
      branch: async () => 'main',
      issue: createIssueHere(base),
      deployed: (environment, sha) => void this.deployed.push(`${environment} ${sha.slice(0, 3)}`),
      release: async (environment) => this.held.delete(environment),
      stopTraffic: async (asked) => {
        this.stopped.push(asked);
        return [asked.target ?? 'tiles'];
      },
      wake: () => undefined,
      ...over,
    };
  }

  /** `ada` asks, with a request of its own unless told otherwise. */
  ask(asked: Asked, over: Partial<ActsWorld> = {}) {
    this.#requests += 1;
    const base = {
      request: `request-${this.#requests}`,
      caller: { name: 'ada', uid: 1000 },
      environment: 'production',
      reason: '',
      ref: null,
      to: null,
      digest: null,
      force_quarantined: false,
      stage: false,
      target: null,
      for: null,
    };
    const request = { ...base, ...asked } as unknown as ActRequest;
    return createPerformAct(this.world(over))(request, signal);
  }

  async view(environment = 'production'): Promise<EnvironmentView> {
    return (await this.reader.refresh()).environments.get(environment)!;
  }

  async deployment(number: string | null): Promise<DeploymentView> {
    const { deployments } = await this.view();
    return deployments.find(({ deployment }) => String(deployment) === number)!;
  }

  /** What this host says of the only unit. */
  async say(number: string | null, state: UnitRecord['state'], more: Partial<UnitRecord> = {}) {
    const unit = { kind: 'unit', state, target: 0, host: 0, attempt: 1, plan: null } as const;
    await this.write(number, { ...unit, ...(more as object) });
  }

  /** A record of this host or, signed with the same key, of people. */
  async write(number: string | null, record: object): Promise<void> {
    const { deployment, digest } = await this.deployment(number);
    const base = { job: shortDigest(digest), reason: 'none', at: this.clock.now() };
    const token = signRecord({ ...base, ...record } as LedgerRecord, this.key);
    const [environment, description] = ['production', 'said in a test'];
    const write = { deployment, token, state: 'queued', environment, description } as const;
    this.reader.note(await this.ledger.append(write));
  }

  async planned(number: string | null, plan: Digest): Promise<void> {
    await this.say(number, 'planned', { reason: 'awaiting_approval', plan: shortDigest(plan) });
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }

  #policyOf(name: string) {
    const parsed = parseRepositoryConfig(this.policy, '.github/sallyport.yml');
    const environment = parsed.ok ? parsed.config.environments[name] : undefined;
    if (!parsed.ok || !environment) {
      throw new SallyportError({ code: 'policy_unreadable', message: 'no policy', next: 'retry' });
    }
    return { sha: 'f'.repeat(40), environment, config: parsed.config };
  }

  #git(): Git {
    const missing = () => Promise.reject(new Error('not asked for in these tests'));
    return {
      fetch: async () => {
        if (this.reachable) return this.refs;
        throw new SallyportError({ code: 'git_unreachable', message: 'away', next: 'retry' });
      },
      refs: async () => this.refs,
      has: async (sha) => (shas as readonly string[]).includes(sha),
      readFile: async () => this.policy,
      authorsBetween: async () => [{ name: 'Bob', email: 'bob@example.org' }],
      isAncestor: missing,
      layOut: missing,
      list: missing,
      read: missing as never,
      changedPaths: missing,
      describe: missing,
    };
  }
}
