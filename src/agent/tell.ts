import type { EnvironmentView } from '../deploy/fold-environment.ts';
import { picturesNow } from '../deploy/pictures-now.ts';
import { asSallyportError } from '../model/errors.ts';
import type { Log } from '../ports/log.ts';
import { historyJson, type HistoryJson } from '../report/history-json.ts';
import { worstOf } from '../report/health.ts';
import { statusJson, type StatusJson } from '../report/status-json.ts';
import type { ReportedTarget, ReportedWait } from '../report/views.ts';
import { reasonOfGate } from '../policy/judge-gates.ts';
import type { HostRules } from './decide.ts';
import type { LedgerSource } from './ledger-source.ts';
import type { Keep } from './keep/keep.ts';
import type { Notebook } from './notebook.ts';
import type { Beside } from './outage/beside.ts';
import type { MakeTarget } from './run.ts';
import type { Wait, Waits } from './waits.ts';

/** What an agent can tell of itself and of the environments that it serves. */
export interface AgentView {
  /** `null` for an environment that it does not serve. */
  status(environment: string | null): Promise<StatusJson | null>;
  history(environment: string): HistoryJson | null;
  /** Whether a deployment is known to be over; `null` for one that is not known. */
  isOver(deployment: number): boolean | null;
}

export interface TellWorld {
  readonly rules: HostRules;
  readonly notebook: Notebook;
  /** The ledgers that are read. */
  readonly sources: readonly Pick<LedgerSource, 'last'>[];
  readonly beside: Pick<Beside, 'of' | 'forPeople'>;
  readonly makeTarget: MakeTarget;
  /** What is known of targets since they were last looked after. */
  readonly keep: Pick<Keep, 'reportOf'>;
  readonly log: Log;
  /** What waits, by ledger. */
  readonly waits: readonly Waits[];
}

/** Answers from what the last poll showed, and from a look at the targets on this host. */
export function tellOf(world: TellWorld): AgentView {
  const { rules, notebook, sources, beside, makeTarget, keep, log, waits } = world;

  const look = async (environment: string): Promise<readonly ReportedTarget[]> => {
    const works = notebook.latest(environment);
    return await Promise.all(
      works.map(async (work) => {
        const host = rules.name;
        const kept = keep.reportOf(work);
        const why = kept !== null && kept.why !== null ? { why: kept.why } : {};
        try {
          const target = await makeTarget(work, () => undefined);
          const { name, slot, version, health: seen, stops = [] } = await target.status();
          const health = worstOf(kept ? [seen, kept.health] : [seen]);
          const outputs = await target.outputs?.();
          const more = { ...why, ...(stops.length > 0 && { stops }), ...(outputs && { outputs }) };
          return { host, name, slot, version, health, ...more };
        } catch (error) {
          // One target that cannot be looked at must not hide the others.
          const { code, message } = asSallyportError(error);
          log.warn('a target could not be looked at', { target: work.target, code, message });
          const health = kept?.health ?? 'unknown';
          return { host, name: work.target, slot: null, version: null, health, ...why };
        }
      }),
    );
  };

  return {
    async status(environment) {
      if (environment !== null && !rules.environments.includes(environment)) return null;
      const names = environment === null ? rules.environments : [environment];
      const inputs = names.map(async (name) => {
        const [view, seen] = [beside.of(name), await look(name)];
        const wait = waits.map((each) => each.of(name)).find((each) => each !== null);
        const at = Math.max(...sources.map(({ last }) => last?.now ?? 0));
        const told = { view, seen, hosts: picturesNow(view, environmentsOf(sources), at), at };
        return wait ? { ...told, wait: reportedWait(wait) } : told;
      });
      return statusJson(await Promise.all(inputs));
    },
    history(environment) {
      if (!rules.environments.includes(environment)) return null;
      const records = sources.flatMap(({ last }) => last?.log.records ?? []);
      return historyJson(beside.of(environment).deployments, records);
    },
    isOver(deployment) {
      for (const { deployments } of beside.forPeople().values()) {
        const view = deployments.find((each) => each.deployment === deployment);
        if (view) return view.over;
      }
      return null;
    },
  };
}

function environmentsOf(sources: TellWorld['sources']): readonly EnvironmentView[] {
  return sources.flatMap(({ last }) => [...(last?.environments.values() ?? [])]);
}

function reportedWait({ deployment, gate }: Wait): ReportedWait {
  const { message, opensAt = null } = gate;
  return { deployment, reason: reasonOfGate(gate), message, until: opensAt };
}
