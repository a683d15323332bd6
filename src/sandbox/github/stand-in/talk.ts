import { addComment, editComment } from '../acts/comments.ts';
import { addDeployment, addDeploymentStatus } from '../acts/deployments.ts';
import { addIssue } from '../acts/issues.ts';
import { pressAction } from '../acts/press.ts';
import { addWaitingRun } from '../acts/waiting-runs.ts';
import { resolveCommit } from '../routes/resolve.ts';
import type { OtherDeployment, StandIn } from '../stand-in.ts';
import type { Deployment, Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import { requireRepository, requireUser } from './find.ts';

type TalkActs = Pick<
  StandIn,
  'openIssue' | 'comment' | 'editComment' | 'deploy' | 'deploymentStatus' | 'press' | 'waitForRule'
>;

export function talkActs(world: World): TalkActs {
  return {
    openIssue(name, by, title, body) {
      const author = requireUser(world, by);
      return addIssue(world, requireRepository(world, name), { author, title, body: body ?? null });
    },
    comment(name, number, by, body) {
      const repository = requireRepository(world, name);
      const issue = repository.issues.find((one) => one.number === number);
      if (!issue) throw new Error(`${name} has no issue ${number}`);
      return addComment(world, repository, issue, {
        author: requireUser(world, by),
        app: null,
        body,
      });
    },
    editComment(name, id, by, body) {
      const repository = requireRepository(world, name);
      const comment = repository.comments.find((one) => one.id === id);
      if (!comment) throw new Error(`${name} has no comment ${id}`);
      editComment(world, repository, comment, requireUser(world, by), body);
    },
    deploy: (name, draft) => deploy(world, requireRepository(world, name), draft),
    deploymentStatus(name, id, draft) {
      const repository = requireRepository(world, name);
      const deployment = repository.deployments.find((one) => one.id === id);
      if (!deployment) throw new Error(`${name} has no deployment ${id}`);
      return addDeploymentStatus(world, repository, deployment, {
        creator: requireUser(world, draft.by),
        app: null,
        state: draft.state,
        description: draft.description ?? '',
        environment: draft.environment,
        environmentUrl: '',
        logUrl: draft.logUrl ?? '',
        autoInactive: draft.autoInactive ?? true,
      });
    },
    press(name, checkRun, by, identifier) {
      const repository = requireRepository(world, name);
      const run = repository.checkRuns.find((one) => one.id === checkRun);
      if (!run?.actions.some((action) => action.identifier === identifier)) {
        throw new Error(`check run ${checkRun} of ${name} has no button ${identifier}`);
      }
      pressAction(world, repository, run, { identifier, by: requireUser(world, by) });
    },
    waitForRule(name, deployment, by) {
      const repository = requireRepository(world, name);
      return addWaitingRun(world, repository, deployment, requireUser(world, by));
    },
  };
}

async function deploy(
  world: World,
  repository: Repository,
  draft: OtherDeployment,
): Promise<Deployment> {
  const sha = await resolveCommit(repository, draft.ref);
  if (sha === undefined) throw new Error(`${repository.name} has no ref ${draft.ref}`);
  const environment = draft.environment ?? 'production';
  return addDeployment(world, repository, {
    creator: requireUser(world, draft.by),
    app: null,
    sha,
    ref: draft.ref,
    task: draft.task ?? 'deploy',
    environment,
    payload: draft.payload ?? {},
    description: draft.description ?? null,
    transient: draft.transient ?? false,
    production: draft.production ?? environment === 'production',
  });
}
