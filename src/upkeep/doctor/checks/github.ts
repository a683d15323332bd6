import { z } from 'zod';
import { fail, ok, warn, type Finding } from '../finding.ts';
import { githubPath } from '../github-path.ts';
import type { DoctorWorld, WebAnswer } from '../world.ts';

const Repository = z.object({ full_name: z.string() });

/** Whether GitHub answers, and the token may read what it must. */
export async function checkGithub(world: DoctorWorld): Promise<readonly Finding[]> {
  const { config, probes } = world;
  if (config.source.github === undefined) return [];
  const path = githubPath(config);
  const answer = await probes.github(path);
  const refusal = refusalOf(answer, config.source.github);
  if (refusal) return [refusal];
  const name = Repository.safeParse(jsonOf(answer.text)).data?.full_name;
  const findings: Finding[] = [...renamed(name, config.source.github), ...scopesIn(answer)];
  const deployments = await probes.github(`${path}/deployments?per_page=1`);
  if (deployments.status !== 200) {
    findings.push(
      fail(
        `The token may not read deployments (${deployments.status}${accepted(deployments)}).`,
        'Give it "Deployments: read and write" and "Contents: read" on this repository.',
      ),
    );
  }
  const wrong = findings.some(({ state }) => state !== 'ok');
  return wrong
    ? findings
    : [ok(`GitHub answers, and the token sees ${name ?? config.source.github}`)];
}

function refusalOf({ status }: WebAnswer, repository: string): Finding | null {
  if (status === 200) return null;
  if (status === 401) {
    return fail(
      'GitHub does not know the token: it is wrong or has expired.',
      'Put a new one into source.credentials.token_file of agent.yml; it is read anew each time.',
    );
  }
  if (status === 403 || status === 404) {
    return fail(
      `The token does not see ${repository} (${status}).`,
      'Give it this repository, with "Deployments: read and write" and "Contents: read".',
    );
  }
  if (status === 429 || status >= 500) {
    return warn(`GitHub answers with ${status} just now.`, 'See https://www.githubstatus.com');
  }
  return fail(`GitHub answered with ${status}.`, 'Is there a proxy in between?');
}

/** Classic tokens say what they may; a token of an App or a fine-grained one does not. */
function scopesIn({ headers }: WebAnswer): readonly Finding[] {
  const said = headers['x-oauth-scopes'];
  if (said === undefined || said === '') return [];
  const scopes = said.split(',').map((scope) => scope.trim());
  if (!scopes.some((scope) => scope === 'repo' || scope === 'repo_deployment')) {
    return [fail(`The token may only ${said}.`, 'A classic token needs the scope repo.')];
  }
  const more = scopes.filter(
    (scope) => !['repo', 'repo_deployment', 'repo:status'].includes(scope),
  );
  const words = `The token is a classic one, for every repository of its owner${more.length > 0 ? `, and may also ${more.join(', ')}` : ''}.`;
  return [
    warn(
      words,
      'Make a fine-grained one for this repository: https://github.com/settings/tokens?type=beta',
    ),
  ];
}

function renamed(now: string | undefined, configured: string): readonly Finding[] {
  if (now === undefined || now.toLowerCase() === configured.toLowerCase()) return [];
  return [warn(`${configured} is called ${now} now.`, `source: { github: ${now} } in agent.yml`)];
}

function accepted({ headers }: WebAnswer): string {
  const needs = headers['x-accepted-github-permissions'];
  return needs === undefined ? '' : `; it needs ${needs}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
