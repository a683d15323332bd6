import type { StandIn } from '../stand-in.ts';
import type { Deployment, DeploymentStatus } from '../state/types.ts';

const login = 'pipeline';

/** What another tool with `deployments: write` does in the same repository. */
export interface OtherTool {
  /** A deployment of its own in the environment, with a success that makes older ones inactive. */
  deploy(environment: string): Promise<Deployment>;
  /** A status in a deployment that is not its own, with a link that looks like a record. */
  speakOf(deployment: number, state: string): DeploymentStatus;
  /** A status that moves the deployment to an environment of another name, as GitHub lets it. */
  rename(deployment: number, environment: string): DeploymentStatus;
  /** Removes a deployment with all its statuses, as its DELETE does after `inactive`. */
  remove(deployment: number): void;
}

export function otherTool(github: StandIn, repository: string): OtherTool {
  github.createUser(login);
  github.collaborator(repository, login, 'write');
  return {
    async deploy(environment) {
      const { defaultBranch } = github.repository(repository);
      const deployment = await github.deploy(repository, {
        by: login,
        ref: defaultBranch,
        environment,
        payload: { schema: 1, note: 'made by another tool' },
        production: false,
      });
      github.deploymentStatus(repository, deployment.id, { by: login, state: 'success' });
      return deployment;
    },
    speakOf: (deployment, state) =>
      github.deploymentStatus(repository, deployment, {
        by: login,
        state,
        description: 'says another tool',
        logUrl: 'https://ci.example.org/1#sp1.AAAA',
        autoInactive: false,
      }),
    rename: (deployment, environment) =>
      github.deploymentStatus(repository, deployment, {
        by: login,
        state: 'in_progress',
        environment,
        autoInactive: false,
      }),
    remove(deployment) {
      const { deployments } = github.repository(repository);
      const at = deployments.findIndex(({ id }) => id === deployment);
      if (at < 0) throw new Error(`${repository} has no deployment ${deployment}`);
      deployments.splice(at, 1);
    },
  };
}
