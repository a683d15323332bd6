import type { Sha } from '../../model/job.ts';
import { exitCodes, SallyportError } from '../../model/errors.ts';

export function unreachable(remote: string, why: string, cause?: unknown): SallyportError {
  return new SallyportError({
    code: 'git_unreachable',
    message: `${remote} could not be reached: ${why}`,
    next: 'retry',
    exit: exitCodes.unreachable,
    cause,
  });
}

export function refused(remote: string, why: string): SallyportError {
  return new SallyportError({
    code: 'git_refused',
    message: `${remote} refused these credentials, or does not exist: ${why}`,
    hint: 'check the repository name and the token (agent.yml: source, credentials)',
    exit: exitCodes.refused,
  });
}

export function commitMissing(sha: Sha): SallyportError {
  return new SallyportError({
    code: 'commit_missing',
    message: `commit ${sha} is not in this host's cache`,
    hint: 'push it to a branch or a tag of the repository; pull requests are not fetched',
    exit: exitCodes.notFound,
  });
}

export function pathMissing(sha: Sha, path: string): SallyportError {
  return new SallyportError({
    code: 'path_missing',
    message: `there is no folder ${JSON.stringify(path)} in commit ${sha}`,
    exit: exitCodes.notFound,
  });
}

export function unsafePath(path: string, why: string): SallyportError {
  return new SallyportError({
    code: 'unsafe_path',
    message: `${JSON.stringify(path)} ${why}`,
    hint: 'remove it from the commit',
    exit: exitCodes.refused,
  });
}

export function tooLarge(what: string, limit: string): SallyportError {
  return new SallyportError({
    code: 'file_too_large',
    message: `${what} is over the limit of ${limit}`,
    exit: exitCodes.refused,
  });
}

export function needsProgram(source: string): SallyportError {
  return new SallyportError({
    code: 'git_missing',
    message: `${source} can only be reached with the git program, which is not installed`,
    hint: 'install git, or use an https:// address',
    exit: exitCodes.usage,
  });
}
