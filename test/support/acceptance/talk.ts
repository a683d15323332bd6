import { redeliver } from '../../../src/sandbox/github/webhooks/redeliver.ts';
import type { Comment, Deployment } from '../../../src/sandbox/github/state/types.ts';
import type { Github } from './github.ts';
import { mona, repository } from './names.ts';
import { until } from './wait.ts';

const ends = ['success', 'failure', 'error'];
/** Two comments, and a push and a comment, are never in the same second unless a test wants them to be. */
const clearlyLaterMs = 1_100;
/** Where lists lag behind, people give GitHub some seconds; the App refuses a branch that still seems to move. */
const whenUnkindMs = 6_000;
const patienceMs = 30_000;
/** What failed twice is tried again after half a minute. */
const unkindPatienceMs = 60_000;

/** What people do at the stand-in, and what they see there. */
export class Talk {
  readonly #github: Github;
  readonly #facts: () => string;
  readonly #isIdle: () => Promise<boolean>;

  /** `facts` is told where something does not come; `isIdle`: the App acted on all that it took. */
  constructor(github: Github, facts: () => string, isIdle: () => Promise<boolean>) {
    this.#github = github;
    this.#facts = facts;
    this.#isIdle = isIdle;
  }

  /** Deployments that Sallyport made, oldest first. */
  get deployments(): readonly Deployment[] {
    return this.#repository().deployments.filter(({ app }) => app !== null);
  }

  /** Comments that the App wrote, oldest first. */
  get answers(): readonly Comment[] {
    return this.#repository().comments.filter(({ app }) => app !== null);
  }

  /** Opens a pull request from a new branch with these files. */
  async openPull(branch: string, files: Readonly<Record<string, string>>): Promise<number> {
    const { standIn } = this.#github;
    await this.push(branch, files);
    const { number } = await standIn.openPullRequest({ repository, head: branch, by: mona });
    return number;
  }

  /** Commits to a branch; answers with the SHA. */
  push(branch: string, files: Readonly<Record<string, string>>): Promise<string> {
    return this.#github.standIn.commit({ repository, branch, files, by: mona });
  }

  /** Writes a comment, clearly later than anything before it. */
  comment(issue: number, body: string, by: string = mona): Comment {
    this.#waitABit();
    return this.#github.standIn.comment(repository, issue, by, body);
  }

  /** Comments, and waits until the App has answered that comment to the end. */
  async ask(issue: number, body: string, by: string = mona): Promise<Comment> {
    this.#waitABit();
    return await this.askAtOnce(issue, body, by);
  }

  /** As `ask`, perhaps within the second of what came before. */
  async askAtOnce(issue: number, body: string, by: string = mona): Promise<Comment> {
    const before = this.answers.length;
    this.#github.standIn.comment(repository, issue, by, body);
    return await this.#until(`“${body}” is answered`, () => {
      const answer = this.answers[before];
      return answer?.body.includes(': looking …') ? null : answer;
    });
  }

  /** Comments, and waits until the deployment that this makes has ended. */
  async run(issue: number, body: string): Promise<Deployment> {
    return await this.ended(await this.begin(issue, body));
  }

  /** Comments, and waits for the deployment that this makes. */
  async begin(issue: number, body: string): Promise<Deployment> {
    const before = this.deployments.length;
    this.comment(issue, body);
    return await this.#until(`“${body}” becomes a deployment`, () => this.deployments[before]);
  }

  /** Waits for the first deployment. */
  first(): Promise<Deployment> {
    return this.#until('there is a deployment', () => this.deployments[0]);
  }

  /** Waits for a deployment of this commit. */
  newest(sha: string): Promise<Deployment> {
    return this.#until(`${sha} becomes a deployment`, () =>
      this.deployments.findLast((deployment) => deployment.sha === sha),
    );
  }

  /** Waits until GitHub shows that a deployment has ended. */
  async ended(deployment: Deployment): Promise<Deployment> {
    await this.#until(`deployment ${deployment.id} ends`, () => endOf(deployment));
    return deployment;
  }

  /** Waits until GitHub shows that a deployment was replaced by a later one. */
  async replaced({ id, statuses }: Deployment): Promise<void> {
    const isReplaced = () => statuses.at(-1)?.state === 'inactive' || null;
    await this.#until(`deployment ${id} is inactive`, isReplaced);
  }

  /** Waits until the answer to the command of a deployment holds these words. */
  async answerSays(deployment: Deployment, words: string): Promise<Comment> {
    const marker = `deployment=${deployment.id} `;
    return await this.#until(`the answer of ${deployment.id} says “${words}”`, () =>
      this.answers.find(({ body }) => body.includes(marker) && body.includes(words)),
    );
  }

  /** Waits until all webhooks are done with: nobody took them, or the App acted on them. */
  async settled(): Promise<void> {
    await this.#github.standIn.waitForDeliveries();
    await until('the App is idle', this.#isIdle, { facts: this.#facts });
  }

  /** Sends webhooks again that nobody took, as GitHub's page lets people do; tells how many. */
  redeliverLost(): number {
    const { deliveries, world } = this.#github.standIn;
    const guids = new Set(
      deliveries.filter(({ outcome }) => outcome?.status === 'OK').map(({ guid }) => guid),
    );
    const lost = deliveries.filter(({ guid, outcome }) => outcome !== null && !guids.has(guid));
    const waiting = new Set(
      deliveries.filter(({ outcome }) => outcome === null).map(({ guid }) => guid),
    );
    const again = new Map(
      lost.filter(({ guid }) => !waiting.has(guid)).map((delivery) => [delivery.guid, delivery]),
    );
    for (const delivery of again.values()) redeliver(world, delivery);
    return again.size;
  }

  #waitABit(): void {
    this.#github.skip(this.#github.losesWebhooks ? whenUnkindMs : clearlyLaterMs);
  }

  #repository() {
    return this.#github.standIn.repository(repository);
  }

  #until<Found>(what: string, look: () => Found | null | undefined): Promise<Found> {
    const facts = () => `${this.answers.map(({ body }) => body).join('\n')}\n${this.#facts()}`;
    return until(
      what,
      () => {
        if (this.#github.losesWebhooks) this.redeliverLost();
        return look();
      },
      { facts, withinMs: this.#github.losesWebhooks ? unkindPatienceMs : patienceMs },
    );
  }
}

/** The state in which GitHub shows a deployment to have ended; one that was replaced counts as it ended. */
export function endOf({ statuses }: Deployment): string | null {
  return statuses.map(({ state }) => state).findLast((state) => ends.includes(state)) ?? null;
}
