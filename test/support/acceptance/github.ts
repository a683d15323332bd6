import { setTimeout as sleep } from 'node:timers/promises';
import { createFaults } from '../../../src/sandbox/github/faults/create-faults.ts';
import { unkind } from '../../../src/sandbox/github/faults/unkindness.ts';
import type { Faults } from '../../../src/sandbox/github/hooks.ts';
import { startGithub } from '../../../src/sandbox/github/server.ts';
import type { StandIn } from '../../../src/sandbox/github/stand-in.ts';
import { systemClock } from '../../../src/adapters/clock/system.ts';
import { recordTraffic, type Traffic } from '../github-traffic.ts';

export interface Github {
  readonly standIn: StandIn;
  /** All that went over the wire; held against GitHub's own descriptions when asked. */
  readonly traffic: Traffic;
  /** Moves the stand-in's clock on, by milliseconds. */
  skip(ms: number): void;
  /** Runs with the stand-in's clock standing still: all of it is in one second. */
  atOnce<Result>(run: () => Promise<Result>): Promise<Result>;
  /** While true every connection is cut, and no webhook arrives. */
  outage: boolean;
  /** While true requests arrive and are not answered; webhooks are sent. */
  isMute: boolean;
  /** Whether webhooks get lost that somebody has to send again. */
  losesWebhooks: boolean;
  /** Faults begin; the place was built in peace. */
  beUnkind(seed: number): void;
}

/** A stand-in whose traffic is recorded, with its own clock and switches for what goes wrong. */
export async function openGithub(): Promise<Github> {
  let ahead = 0;
  let stopped: number | null = null;
  let unkindness: Faults = {};
  const now = () => stopped ?? Date.now() + ahead;
  const traffic = recordTraffic();
  const faults: Faults = {
    beforeRequest: async (context) => {
      while (github.isMute) await sleep(20);
      return github.outage ? { kind: 'cut' } : await unkindness.beforeRequest?.(context);
    },
    afterHandler: async (context, answer) =>
      github.outage ? { kind: 'cut' } : await unkindness.afterHandler?.(context, answer),
    filterRead: (template, list) => unkindness.filterRead?.(template, list) ?? list,
    deliver: (delivery) => {
      if (github.outage) return [];
      return unkindness.deliver?.(delivery) ?? [{ delivery, delayMs: 0 }];
    },
  };
  const github: Github = {
    standIn: await startGithub({ now, hooks: { ...traffic.hooks, faults } }),
    traffic,
    skip: (ms) => void (ahead += ms),
    async atOnce(run) {
      stopped = now();
      try {
        return await run();
      } finally {
        ahead = stopped - Date.now();
        stopped = null;
      }
    },
    outage: false,
    isMute: false,
    losesWebhooks: false,
    beUnkind(seed) {
      github.losesWebhooks = true;
      const clock = { ...systemClock, now, sleep: systemClock.sleep.bind(systemClock) };
      unkindness = createFaults({ seed, unkindness: unkind, clock });
    },
  };
  return github;
}
