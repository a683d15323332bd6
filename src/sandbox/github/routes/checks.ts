import type { CheckRunDraft } from '../acts/checks.ts';
import { addCheckRun, updateCheckRun } from '../acts/checks.ts';
import { appOf } from '../auth/actor.ts';
import { reads, writes } from '../auth/access.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError, invalid, notFound } from '../http/errors.ts';
import type { Fields } from '../http/fields.ts';
import { fieldsOf } from '../http/fields.ts';
import { paged } from '../http/paging.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { checkRunJson } from '../json/checks.ts';
import type { App, CheckAction, CheckRun } from '../state/types.ts';
import { created, ok } from './answers.ts';
import { requireCommit } from './resolve.ts';

const all = '/repos/{owner}/{repo}/check-runs';

export const checkRoutes: readonly Route[] = [
  route(`POST ${all}`, writes('checks'), create),
  route(`GET ${all}/{check_run_id}`, reads('checks'), (call) =>
    ok(checkRunJson(call.world, call.repository, runOf(call))),
  ),
  route(`PATCH ${all}/{check_run_id}`, writes('checks'), update),
  route('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', reads('checks'), list),
];

function requireChecker(call: Call): App {
  const app = appOf(call.actor);
  if (!app) throw new ApiError(403, 'You must authenticate via a GitHub App.');
  return app;
}

async function create(call: Call): Promise<Answer> {
  const app = requireChecker(call);
  const fields = fieldsOf('CheckRun', call.body);
  const changes = changesOf(call, fields);
  const draft: CheckRunDraft = {
    name: fields.text('name'),
    sha: await requireCommit(call, fields.text('head_sha')),
    detailsUrl: null,
    externalId: '',
    status: 'queued',
    conclusion: null,
    startedAt: call.world.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    ...changes,
  };
  const run = addCheckRun(call.world, call.repository, app, draft);
  return created(checkRunJson(call.world, call.repository, run));
}

function update(call: Call): Answer {
  const app = requireChecker(call);
  const run = runOf(call);
  if (run.app !== app) throw new ApiError(403, 'Invalid app_id: the check run is of another App.');
  const fields = fieldsOf('CheckRun', call.body);
  const name = fields.optionalText('name') ?? run.name;
  const isOpen = call.body['conclusion'] === undefined && call.body['status'] !== undefined;
  if (run.status === 'completed' && isOpen && call.body['status'] !== 'completed') {
    // GitHub opens no check run again.
    throw invalid('CheckRun', 'status', 'custom', 'the check run is completed');
  }
  updateCheckRun(call.world, call.repository, run, { name, ...changesOf(call, fields) });
  return ok(checkRunJson(call.world, call.repository, run));
}

const statuses = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'];
const conclusions =
  'action_required cancelled failure neutral success skipped timed_out stale'.split(' ');

/** The fields that create and update share; a conclusion completes the run by itself. */
function changesOf(call: Call, fields: Fields): Partial<CheckRunDraft> {
  const status = fields.optionalText('status');
  if (status !== undefined) fields.oneOf('status', statuses);
  const conclusion = fields.optionalText('conclusion');
  if (conclusion !== undefined) fields.oneOf('conclusion', conclusions);
  if (status === 'completed' && conclusion === undefined) {
    throw invalid('CheckRun', 'conclusion', 'missing_field');
  }
  const startedAt = fields.time('started_at');
  const detailsUrl = fields.url('details_url');
  const externalId = fields.optionalText('external_id');
  const output = outputOf(call);
  const actions = actionsOf(call);
  return {
    ...(actions === undefined ? {} : { actions }),
    ...(status === undefined ? {} : { status }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(detailsUrl === '' ? {} : { detailsUrl }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(output === undefined ? {} : { output }),
    ...(conclusion === undefined
      ? {}
      : {
          status: 'completed',
          conclusion,
          completedAt: fields.time('completed_at') ?? call.world.now(),
        }),
  };
}

/** GitHub takes three buttons, with short words. */
function actionsOf(call: Call): CheckAction[] | undefined {
  const actions = call.body['actions'];
  if (actions === undefined) return undefined;
  if (!Array.isArray(actions) || actions.length > 3) throw invalid('CheckRun', 'actions', 'custom');
  return (actions as Record<string, unknown>[]).map((action) => {
    const fields = fieldsOf('CheckRun', action);
    return {
      label: fields.text('label', 20),
      description: fields.text('description', 40),
      identifier: fields.text('identifier', 20),
    };
  });
}

function outputOf(call: Call): CheckRun['output'] | undefined {
  const output = call.body['output'];
  if (typeof output !== 'object' || output === null) return undefined;
  const fields = fieldsOf('CheckRun', output as Record<string, unknown>);
  return {
    title: fields.text('title'),
    summary: fields.text('summary', 65_535),
    text: fields.optionalText('text', 65_535) ?? null,
  };
}

function runOf(call: Call): CheckRun {
  const id = call.number('check_run_id');
  const run = call.repository.checkRuns.find((one) => one.id === id);
  if (!run) throw notFound();
  return run;
}

async function list(call: Call): Promise<Answer> {
  const sha = await requireCommit(call, call.param('ref'));
  const [name, status] = [call.query('check_name'), call.query('status')];
  const found = call.repository.checkRuns
    .filter(
      (run) =>
        run.sha === sha &&
        (name === undefined || run.name === name) &&
        (status === undefined || run.status === status),
    )
    .reverse();
  const visible = call.visible(call.query('filter') === 'all' ? found : latestByName(found));
  return paged(
    call,
    visible,
    (run) => checkRunJson(call.world, call.repository, run),
    (check_runs) => ({ total_count: visible.length, check_runs }),
  );
}

function latestByName(newestFirst: readonly CheckRun[]): CheckRun[] {
  return newestFirst.filter(
    (run, index) =>
      newestFirst.findIndex((other) => other.name === run.name && other.app === run.app) === index,
  );
}
