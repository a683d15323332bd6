import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RecordWrite } from '../../../src/ports/ledger.ts';
import { ledgerContract } from '../../contract/ledger.ts';
import { type GithubPlace, startGithubPlaces } from './github-place.ts';

let places: Awaited<ReturnType<typeof startGithubPlaces>>;
let place: GithubPlace;

beforeAll(async () => {
  places = await startGithubPlaces();
});
afterAll(() => places.close());
ledgerContract('in GitHub', () => places.makePlace());

describe('the ledger in GitHub', () => {
  beforeEach(async () => {
    place = await places.makePlace();
  });
  afterEach(() => place.remove());

  const list = '/repos/{owner}/{repo}/deployments';
  const statuses = `${list}/{deployment_id}/statuses`;

  test('a job and its records cost one call each, and reading what is unchanged costs nothing', async () => {
    const ledger = place.connect();
    const { deployment } = await ledger.publish(job());
    await ledger.append(record(deployment));
    await ledger.jobs();
    await ledger.jobs();
    expect(place.exchanges).toEqual([
      `POST ${list} 201`,
      `POST ${statuses} 201`,
      `GET ${list} 200`,
      `GET ${list} 304`,
    ]);
  });

  test('a job is a deployment that GitHub itself neither checks nor merges', async () => {
    let body: unknown;
    places.onRequest((context) => {
      body = context.body;
      return undefined;
    });
    await place.connect().publish({ ...job(), description: 'x'.repeat(200) });
    expect(body).toEqual({
      ref: place.sha,
      task: 'sallyport',
      auto_merge: false,
      required_contexts: [],
      payload: { sallyport: 'a.b.c' },
      environment: 'production',
      description: `${'x'.repeat(139)}…`,
    });
  });

  test("other tools' deployments and statuses never enter", async () => {
    const { github } = places;
    const ledger = place.connect();
    const { deployment } = await ledger.publish(job());
    const foreign = { by: 'acme', ref: 'main', environment: 'production' };
    await github.deploy(place.repository, { ...foreign, task: 'deploy' });
    await github.deploy(place.repository, { ...foreign, task: 'sallyport', payload: 'not ours' });
    await github.deploy(place.repository, {
      ...foreign,
      task: 'sallyport',
      payload: { sallyport: 7 },
    });
    const status = { by: 'acme', state: 'success', description: 'sp1.not a record' };
    github.deploymentStatus(place.repository, deployment, status);
    github.deploymentStatus(place.repository, deployment, {
      ...status,
      logUrl: 'https://x.org/#sp2.a',
    });
    expect((await ledger.jobs()).jobs.map((one) => one.deployment)).toEqual([deployment]);
    expect((await ledger.records(deployment)).records).toEqual([]);
  });

  test('a payload that comes back as text is read all the same', async () => {
    const { github } = places;
    const foreign = { by: 'acme', ref: 'main', environment: 'production', task: 'sallyport' };
    await github.deploy(place.repository, { ...foreign, payload: '{"sallyport":"a.b.c"}' });
    await github.deploy(place.repository, { ...foreign, payload: 'd.e.f' });
    const { jobs } = await place.connect().jobs();
    expect(jobs.map(({ token }) => token)).toEqual(['d.e.f', 'a.b.c']);
  });

  test('a write that did not land is repeated after looking for it', async () => {
    let failures = 1;
    places.onRequest(({ method }) =>
      method === 'POST' && failures-- > 0 ? { kind: 'answer', answer: { status: 502 } } : undefined,
    );
    const ledger = place.connect();
    const published = await ledger.publish(job());
    expect((await ledger.jobs()).jobs).toEqual([published]);
  });

  test('a write that stays uncertain is looked for when it is asked for again', async () => {
    const ledger = place.connect();
    const { deployment } = await ledger.publish(job());
    places.onAnswer(() => ({ kind: 'cut' }));
    const lost = ledger.append(record(deployment));
    await expect(lost).rejects.toMatchObject({ code: 'github_unreachable', next: 'retry' });
    places.onAnswer(undefined);
    const entry = await ledger.append(record(deployment));
    expect((await ledger.records(deployment)).records).toEqual([entry]);
  });

  test('a server that takes no record in a log_url gets it in the description', async () => {
    places.onRequest(({ method, body }) =>
      method === 'POST' && (body as { log_url?: string }).log_url
        ? {
            kind: 'answer',
            answer: {
              status: 422,
              body: { message: 'Validation Failed', errors: [{ field: 'log_url' }] },
            },
          }
        : undefined,
    );
    const ledger = place.connect();
    const { deployment } = await ledger.publish(job());
    const first = await ledger.append(record(deployment));
    const second = await ledger.append({
      ...record(deployment),
      token: `${record(0).token.slice(0, -2)}AA`,
    });
    expect(first.token).toBe(record(deployment).token);
    expect((await place.connect().records(deployment)).records).toEqual([first, second]);
    expect(place.exchanges.filter((one) => one === `POST ${statuses} 422`)).toHaveLength(1);
  });

  test('a server that loses what stands in a log_url gets the record in the description', async () => {
    const { github } = places;
    const ledger = place.connect();
    const { deployment } = await ledger.publish(job());
    places.onAnswer(({ method, body }, answer) =>
      method === 'POST' && (body as { log_url?: string }).log_url
        ? {
            kind: 'answer',
            answer: {
              ...answer,
              body: { ...(answer.body as object), log_url: '', target_url: '' },
            },
          }
        : undefined,
    );
    const entry = await ledger.append(record(deployment));
    const last = github.repository(place.repository).deployments.at(-1)!.statuses.at(-1)!;
    expect(last.description).toMatch(/^sp1\.[\u2800-\u28ff]{124}$/u);
    expect(entry.token).toBe(record(deployment).token);
  });

  test('a state is shown once', async () => {
    const ledger = place.connect();
    const { deployment } = await ledger.publish(job());
    await ledger.append(record(deployment));
    await ledger.show(deployment, 'inactive', 'replaced');
    await ledger.show(deployment, 'inactive', 'replaced');
    const { deployments } = places.github.repository(place.repository);
    expect(deployments.at(-1)!.statuses.map(({ state }) => state)).toEqual([
      'in_progress',
      'inactive',
    ]);
  });

  test('the token is asked for each time, and one that is no good says what to do', async () => {
    let asked = 0;
    const ledger = place.connect(() => `no-good-${(asked += 1)}`);
    for (const n of [1, 2]) {
      await expect(ledger.jobs()).rejects.toMatchObject({
        code: 'github_unauthorized',
        next: 'user',
      });
      expect(asked).toBe(n);
    }
  });

  test('a page of another server gets no token', async () => {
    const other = place.connect().jobs('https://evil.example/deployments?page=2');
    await expect(other).rejects.toMatchObject({ code: 'github_odd_answer' });
  });
});

function job() {
  return { token: 'a.b.c', sha: place.sha, environment: 'production', description: 'deploy' };
}

function record(deployment: number): RecordWrite {
  return {
    deployment,
    token: Buffer.alloc(124, 'record').toString('base64url'),
    state: 'in_progress',
    environment: 'production',
    description: 'web-1 applying',
  };
}
