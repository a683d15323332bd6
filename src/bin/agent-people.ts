import { join } from 'node:path';
import { Asks } from '../agent/asks.ts';
import type { ControlWorld } from '../agent/control-routes.ts';
import type { ActsWorld } from '../agent/local/acts-world.ts';
import { createGatesAt } from '../agent/local/gates-at.ts';
import { createPerformAct } from '../agent/local/perform-act.ts';
import { createPlanOf } from '../agent/local/plan-of.ts';
import { createReleasesOf } from '../agent/local/releases-of.ts';
import { PlanStore } from '../agent/plan-store.ts';
import type { AgentView } from '../agent/tell.ts';
import type { Ask } from '../ports/asker.ts';

export interface PeopleSettings extends Omit<ActsWorld, 'wake'> {
  readonly state: string;
  readonly about: ControlWorld['about'];
  readonly ask: Ask;
  readonly view: AgentView;
  readonly wakeAgent: () => void;
  readonly reconcile: ControlWorld['reconcile'];
  /** Looks at the ledger and at the source now. */
  readonly wake: () => void;
  readonly pollMs: number;
}

/** What people on this host may look at and do. */
export function openToPeople(settings: PeopleSettings): ControlWorld {
  const { state, view, wake, wakeAgent, clock, environments, about, ask, pollMs } = settings;
  const { reconcile } = settings;
  const plans = new PlanStore(join(state, 'plans'));
  const plansOf = (deployment: number) => plans.plansOf(deployment);
  const world = { ...settings, wake: wakeAgent, plansOf };
  return {
    state,
    view,
    wake,
    reconcile,
    clock,
    environments,
    about,
    act: createPerformAct(world),
    planOf: createPlanOf(world),
    releasesOf: createReleasesOf(world),
    gatesAt: createGatesAt({ ...world, asks: new Asks(ask, clock, pollMs) }),
  };
}
