import type { Deployment, Issue, Repository, User } from '../state/types.ts';
import type { World } from '../world.ts';
import { checksPart } from './checks-part.ts';
import { deploymentPart } from './deployments-part.ts';
import type { Html } from './html.ts';
import { markup } from './html.ts';
import type { PageContent } from './layout.ts';
import { author, pathOf, pill } from './parts.ts';
import { timelinePart } from './timeline-part.ts';

/** A pull request, or an issue: what was said, where one says more, and what came of it. */
export function issuePage(world: World, repository: Repository, issue: Issue): PageContent {
  const { pull } = issue;
  const state = pull?.merged ? 'merged' : issue.state;
  const branches =
    pull &&
    markup`${author(issue.author)} wants to merge
      <code>${branchName(pull.head, repository)}</code> into <code>${pull.base.branch}</code>`;
  return {
    title: `${issue.title} · #${issue.number}`,
    repository,
    head: markup`<h1>${issue.title} <span class="quiet">#${issue.number}</span></h1>`,
    live: markup`<p class="subtitle">
        ${pill(state)} <span class="quiet">${branches ?? author(issue.author)}</span>
        ${issue.labels.map((label) => markup`<span class="label">${label}</span> `)}
      </p>
      <div class="columns">
        <div>${timelinePart(repository, issue, world.url)}</div>
        <aside>${pull && sidebar(world, repository, issue, pull.headSha)}</aside>
      </div>`,
    foot: commentBox(world, repository, issue),
  };
}

function branchName(head: { repository: Repository; branch: string }, base: Repository): string {
  return head.repository === base ? head.branch : `${head.repository.owner.login}:${head.branch}`;
}

function sidebar(world: World, repository: Repository, issue: Issue, headSha: string): Html {
  const deployments = deploymentsOf(repository, issue);
  const shown = deployments.map((deployment) => deploymentPart(repository, deployment, world.url));
  return markup`<section>
      <h2>Checks <code>${headSha.slice(0, 7)}</code></h2>
      ${checksPart(world, repository, headSha)}
    </section>
    <section>
      <h2>Deployments</h2>
      ${shown.length > 0 ? shown : markup`<p class="quiet">None yet.</p>`}
    </section>`;
}

/** Deployments of any commit that was the head of the pull request, newest first. */
function deploymentsOf(repository: Repository, { pull }: Issue): readonly Deployment[] {
  if (!pull) return [];
  const ref = `refs/heads/${pull.head.branch}`;
  const pushed = pull.head.repository.activity.filter((line) => line.ref === ref);
  const heads = new Set([pull.headSha, ...pushed.map(({ after }) => after)]);
  return repository.deployments.filter(({ sha }) => heads.has(sha)).toReversed();
}

function commentBox(world: World, repository: Repository, issue: Issue): Html {
  const people = peopleOf(world, repository);
  const options = people.map(
    ({ login, id }) =>
      markup`<option${id === issue.author.id ? markup` selected` : null}>${login}</option>`,
  );
  const environments = repository.environments.map(({ name }) => name);
  const commands = [
    ...(environments.length > 0 ? environments : ['production']).flatMap((name) => [
      `/deploy ${name}`,
      `/rollback ${name}`,
    ]),
    '/status',
    '/help',
  ];
  const action = `${pathOf(repository)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}/comments`;
  return markup`<form class="box" method="post" action="${action}">
    <label for="body">Add a comment</label>
    <textarea
      id="body"
      name="body"
      rows="3"
      required
      maxlength="65536"
      placeholder="/deploy production"
    ></textarea>
    <div class="chips">
      ${commands.map((command) => markup`<button type="button" data-command="${command}">${command}</button>`)}
    </div>
    <div class="send">
      <label>as <select name="login">${options}</select></label>
      <span role="alert"></span>
      <button class="primary">Comment</button>
    </div>
  </form>`;
}

/** Who may type here: people who may read the repository, its owner first. */
function peopleOf(world: World, repository: Repository): readonly User[] {
  return [...world.state.users.values()]
    .filter(({ type }) => type === 'User')
    .sort((a, b) => Number(b.id === repository.owner.id) - Number(a.id === repository.owner.id));
}
