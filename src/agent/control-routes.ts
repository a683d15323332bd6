import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HistoryEntry } from '../report/history-json.ts';
import type { AgentJson } from '../report/status-json.ts';
import {
  invalidRequest,
  notFound,
  readJson,
  send,
  sendError,
  unknownEnvironment,
} from './control-answers.ts';
import { streamLog, type LogWorld } from './control-log.ts';
import { ActRequest } from './local/act-request.ts';
import type { GatesAt } from './local/gates-at.ts';
import type { PerformAct } from './local/perform-act.ts';
import type { PlanOf } from './local/plan-of.ts';
import type { ReleasesOf } from './local/releases-of.ts';
import type { Compared } from './reconcile.ts';
import type { AgentView } from './tell.ts';

export interface ControlWorld extends LogWorld {
  readonly view: AgentView;
  readonly wake: () => void;
  readonly reconcile: () => Promise<readonly Compared[]>;
  /** What the agent says of itself. */
  readonly about: () => AgentJson;
  readonly environments: readonly string[];
  readonly act: PerformAct;
  readonly planOf: PlanOf;
  readonly gatesAt: GatesAt;
  readonly releasesOf: ReleasesOf;
}

/** Where a deployment stands, for whoever waits for it. */
export interface DeploymentJson {
  readonly schema: 1;
  readonly ok: true;
  readonly over: boolean;
  readonly deployment: HistoryEntry;
}

/** Answers one request. Rejects with what it is refused with. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  world: ControlWorld,
  ending: AbortSignal,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://agent');
  const path = `${request.method} ${url.pathname}`;
  if (path === 'POST /wake') {
    world.wake();
    send(response, 202, { schema: 1, ok: true });
  } else if (path === 'POST /reconcile') {
    send(response, 200, { schema: 1, ok: true, environments: await world.reconcile() });
  } else if (path === 'POST /acts') await act(request, response, world, ending);
  else if (request.method !== 'GET') {
    sendError(response, 405, notFound(`There is no ${path}.`));
  } else await look(url, response, world, ending);
}

async function act(
  request: IncomingMessage,
  response: ServerResponse,
  world: ControlWorld,
  ending: AbortSignal,
): Promise<void> {
  const read = ActRequest.safeParse(await readJson(request));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw invalidRequest(`${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'unknown'}`);
  }
  send(response, 200, await world.act(read.data, ending));
}

async function look(
  { pathname, searchParams }: URL,
  response: ServerResponse,
  world: ControlWorld,
  ending: AbortSignal,
): Promise<void> {
  const environment = searchParams.get('environment');
  const [, kind, number] = /^\/(logs|plans|deployments)\/(\d{1,15})$/.exec(pathname) ?? [];
  const deployment = Number(number);
  if (pathname === '/status') {
    const status = await world.view.status(environment);
    if (!status) throw unknownEnvironment(environment);
    send(response, 200, { ...status, agent: world.about() });
  } else if (pathname === '/history') {
    const history = environment === null ? null : world.view.history(environment);
    if (!history) throw unknownEnvironment(environment);
    send(response, 200, history);
  } else if (pathname === '/gates') {
    if (environment === null) throw unknownEnvironment(environment);
    const [at, ref] = [searchParams.get('at'), searchParams.get('ref')];
    send(response, 200, await world.gatesAt({ environment, at, ref }, ending));
  } else if (pathname === '/releases') send(response, 200, await world.releasesOf(ending));
  else if (kind === 'logs') {
    await streamLog(response, deployment, searchParams.get('follow') === '1', world, ending);
  } else if (kind === 'plans') send(response, 200, await world.planOf(deployment, ending));
  else if (kind === 'deployments') send(response, 200, standOf(deployment, world));
  else throw notFound(`There is no ${pathname}.`);
}

function standOf(number: number, { view, environments }: ControlWorld): DeploymentJson {
  for (const name of environments) {
    const entries = view.history(name)?.deployments ?? [];
    const deployment = entries.find(({ id }) => id === String(number));
    if (deployment) return { schema: 1, ok: true, over: view.isOver(number) === true, deployment };
  }
  throw notFound(`There is no deployment ${number} to an environment of this host.`);
}
