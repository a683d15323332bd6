import type { TargetConfig } from '../config/repository.ts';
import type { ServiceConfig } from '../config/service.ts';
import type { Operation, Sha } from '../model/job.ts';
import type { Clock } from '../ports/clock.ts';
import type { Git } from '../ports/git.ts';
import type { Init } from '../ports/init.ts';
import type { Log } from '../ports/log.ts';
import type { Probe } from '../ports/probe.ts';
import type { Programs } from '../ports/programs.ts';
import type { Proxy } from '../ports/proxy.ts';

/** What a target is made from: one target of one deployment on this host. */
export interface TargetContext<Config extends TargetConfig = TargetConfig> {
  readonly environment: string;
  readonly target: string;
  /** A backup belongs to a deployment: the same one resumed after a kill finds its own again. */
  readonly deployment: number;
  /** 0 for the deployment itself; else which mending of drift it is: each takes a backup of its own. */
  readonly heal: number;
  readonly operation: Operation;
  /** A person wants it in the idle slot only: traffic does not move. */
  readonly stage: boolean;
  readonly sha: Sha;
  /** The tag that names the commit, where there is one. */
  readonly version: string | null;
  /** As the deployed commit has it, with the policy's overrides in it. */
  readonly config: Config;
  readonly paths: {
    /** The agent's state folder; a target keeps to releases/, slots/ and logs/ in it. */
    readonly state: string;
    /** Where the host's .env files are; `null` where there are none. */
    readonly envRoot: string | null;
    /** Folders outside the agent's state that targets may write to (`allow.paths`). */
    readonly allowed: readonly string[];
  };
  /** What earlier targets of this environment gave, by target; for programs of later ones. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What people gave, as the target declares it, defaults filled in: by name, for its programs. */
  readonly params: Readonly<Record<string, string>>;
  /** `--force`: a person wants it anew though nothing differs. */
  readonly isForced: boolean;
  /** The agent's own environment; programs get no more than PATH, HOME and LANG of it. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  readonly ports: TargetPorts;
  /** A line for people about what is going on: `slot green: 2 of 3 probes`. */
  progress(message: string): void;
}

interface TargetPorts {
  readonly git: Git;
  readonly init: Init;
  readonly proxy: Proxy;
  /** Another proxy of this host, by the name of its driver: one that had the route before. */
  readonly proxyOf: (driver: ServiceConfig['proxy']['driver']) => Promise<Proxy>;
  readonly programs: Programs;
  readonly probe: Probe;
  readonly clock: Clock;
  readonly log: Log;
}
