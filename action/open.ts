import { z } from 'zod';
import { openGithubLedger } from '../src/adapters/ledger/github/open-ledger.ts';
import { createSend } from '../src/adapters/github-http/send.ts';
import { askAbout, type Ask } from '../src/app/octokit/request.ts';
import type { Repository } from '../src/app/ports.ts';
import type { AppWorld } from '../src/app/world.ts';
import { Worlds } from '../src/app/worlds.ts';
import { LedgerReader } from '../src/deploy/reader.ts';
import { parsePublicKey, parseSigningKey, type PublicKey } from '../src/model/keys.ts';
import type { Ledger } from '../src/ports/ledger.ts';
import { githubRequest } from './github-request.ts';
import { required, wrongInput } from './inputs.ts';
import type { Run } from './run.ts';
import type { Step } from './step.ts';

/** What follows a deployment: it reads, and signs nothing. */
export interface Looker {
  readonly reader: LedgerReader;
  readonly ask: Ask;
}

/** The App's world, but with the workflow's token and a key from an input. */
export async function openWorld(step: Step, event: unknown): Promise<AppWorld> {
  const { inputs, run, clock, log } = step;
  const key = parseSigningKey(required(inputs, 'signing-key'));
  const token = required(inputs, 'token');
  const request = githubRequest({ apiUrl: run.apiUrl, token, send: createSend(), clock });
  const worlds = new Worlds({
    apiUrl: run.apiUrl,
    key,
    clock,
    log,
    openInstallation: () => Promise.resolve({ request, token: () => Promise.resolve(token) }),
    openLedger: () => openLedger(step),
  });
  const repository = await repositoryOf(event, run, askAbout(run, request));
  return worlds.open({ installation: 0, repository });
}

/** For a step that may hold no secret. */
export function openLooker(step: Step): Looker {
  const { run, clock } = step;
  const send = createSend();
  const request = githubRequest({ apiUrl: run.apiUrl, token: step.inputs.token, send, clock });
  const trust = {
    repository: run.repositoryId,
    app: [{ key: publicKeyOf(step), environments: 'all' as const }],
  };
  return { reader: new LedgerReader(openLedger(step), trust), ask: askAbout(run, request) };
}

export function askWith({ inputs, run, clock }: Step): Ask {
  const request = githubRequest({
    apiUrl: run.apiUrl,
    token: required(inputs, 'token'),
    send: createSend(),
    clock,
  });
  return askAbout(run, request);
}

function openLedger({ inputs, run, clock }: Step): Ledger {
  const repository = `${run.owner}/${run.name}`;
  return openGithubLedger({ apiUrl: run.apiUrl, token: () => inputs.token, repository, clock });
}

function publicKeyOf({ inputs }: Step): PublicKey {
  if (inputs['public-key'] !== '') return parsePublicKey(inputs['public-key']);
  if (inputs['signing-key'] !== '') return parseSigningKey(inputs['signing-key']).public;
  throw wrongInput('public-key', '`wait` needs it, or `signing-key`');
}

const Found = z.object({ id: z.int(), default_branch: z.string() });

/** Events of a schedule name no repository, so that GitHub is asked. */
async function repositoryOf(event: unknown, run: Run, ask: Ask): Promise<Repository> {
  const told = z.object({ repository: Found }).safeParse(event);
  const found = told.success
    ? told.data.repository
    : Found.parse(await ask('GET /repos/{owner}/{repo}'));
  const { owner, name, url } = run;
  return { id: found.id, owner, name, defaultBranch: found.default_branch, url };
}
