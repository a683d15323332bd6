import type { Sha } from '../../src/model/job.ts';
import type { ChecksFacts } from '../../src/policy/checks.ts';
import type { Relation } from '../../src/policy/forward.ts';
import type { Permission } from '../../src/policy/permission.ts';
import type { DeploymentCheck } from '../../src/report/deployment-check.ts';
import type {
  CommitChecks,
  Github,
  NamedRef,
  Pull,
  Push,
  RuleAnswer,
} from '../../src/app/ports.ts';

export const [base, old, head, foreign] = ['0', 'a', 'b', 'f'].map((sign) => sign.repeat(40)) as [
  Sha,
  Sha,
  Sha,
  Sha,
];

/** What GitHub knows, for a test to change. */
export interface Facts {
  permission: Permission;
  pull: Pull;
  refs: NamedRef[];
  pushes: Record<string, Push[]>;
  /** `base...head` → how head stands to base. */
  relations: Record<string, Relation>;
  commits: Sha[];
  /** `org/team` → logins. */
  teams: Record<string, string[]>;
  checks: CommitChecks;
  required: ChecksFacts['required'];
  /** Texts of check runs that show plans. */
  plans: string[];
  /** `path@sha` → text. */
  files: Record<string, string>;
}

export const pushedAt = Date.parse('2026-05-01T12:00:00Z');

export function facts(): Facts {
  return {
    permission: 'write',
    pull: {
      number: 3,
      isOpen: true,
      author: 'mona',
      head: { sha: head, branch: 'feature', repository: 7 },
      base: { repository: 7 },
    },
    refs: [
      { kind: 'branch', name: 'main', sha: base },
      { kind: 'branch', name: 'feature', sha: head },
    ],
    pushes: {
      main: [{ after: base, at: pushedAt, login: 'hubot' }],
      feature: [
        { after: head, at: pushedAt, login: 'mona' },
        { after: old, at: pushedAt - 5000, login: 'lisa' },
      ],
    },
    relations: {},
    commits: [base, old, head, foreign],
    teams: {},
    checks: { found: [], total: 0 },
    required: [],
    plans: [],
    files: {},
  };
}

/** GitHub in memory: answers from the facts, and keeps what was said and in which order it was asked. */
export function memoryGithub(known: Facts) {
  const calls: string[] = [];
  const comments: { issue: number; body: string }[] = [];
  const reactions: string[] = [];
  /** Check runs of the App as they stand, and whoever wrote them last; ids count from 1. */
  const checks: DeploymentCheck[] = [];
  const labels: string[] = [];
  const rules: RuleAnswer[] = [];
  const answer = <T>(call: string, value: T): Promise<T> => {
    calls.push(call);
    return Promise.resolve(value);
  };
  const github: Github = {
    permissionOf: ({ login }) => answer(`permission ${login}`, known.permission),
    isInTeam: ({ login }, organization, team) =>
      answer(`team ${team}`, known.teams[`${organization}/${team}`]?.includes(login) ?? false),
    checksOf: () => answer('checks', known.checks),
    requiredChecks: (branch) => answer(`required ${branch}`, known.required),
    checkTexts: () => answer('texts', known.plans),
    pull: (number) => answer(`pull ${number}`, known.pull),
    ref: (kind, name) =>
      answer(
        `ref ${kind} ${name}`,
        known.refs.find((ref) => ref.kind === kind && ref.name === name) ?? null,
      ),
    refsBeginning: (kind, prefix) =>
      answer(
        `refs ${kind} ${prefix}`,
        known.refs.filter((ref) => ref.kind === kind && ref.name.startsWith(prefix)),
      ),
    commit: (prefix) => {
      const fits = known.commits.filter((sha) => sha.startsWith(prefix));
      return answer(`commit ${prefix}`, fits.length === 1 ? fits[0]! : null);
    },
    relation: (from, to) => answer('relation', known.relations[`${from}...${to}`] ?? 'diverged'),
    pushes: (branch) => answer(`pushes ${branch}`, known.pushes[branch] ?? []),
    file: (path, sha) => answer(`file ${sha[0]}`, known.files[`${path}@${sha}`] ?? null),
    say: (issue, body) => answer('say', comments.push({ issue, body })),
    edit: (comment, body) => {
      comments[comment - 1]!.body = body;
      return answer('edit', undefined);
    },
    react: (_comment, reaction) => {
      reactions.push(reaction);
      return answer(`react ${reaction}`, undefined);
    },
    findCheck: () => answer('find check', null),
    createCheck: (check) => answer('create check', checks.push(check)),
    updateCheck: (id, check) => {
      checks[id - 1] = check;
      return answer('update check', undefined);
    },
    addLabel: (issue, label) => answer('label', void labels.push(`+${issue} ${label}`)),
    removeLabel: (issue, label) => answer('label', void labels.push(`-${issue} ${label}`)),
    answerRule: (rule) => {
      rules.push(rule);
      return answer('rule', true);
    },
  };
  return { github, calls, comments, reactions, checks, labels, rules };
}
