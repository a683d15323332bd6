import type { PermitProblem } from '../../config/permit-problems.ts';
import type { ConfigProblem } from '../../config/problem.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { Sha } from '../../model/job.ts';
import { nearest } from '../../model/nearest.ts';

export function unknownEnvironment(name: string, known: readonly string[]): SallyportError {
  const meant = nearest(name, known);
  return new SallyportError({
    code: 'environment_unknown',
    message: `This host does not serve an environment ${name}; it serves ${known.join(', ')}.`,
    hint:
      meant === undefined ? 'See those that it serves: sallyport status' : `Did you mean ${meant}?`,
    exit: exitCodes.notFound,
  });
}

/** The commit, or the policy, does not let it go there. */
export function notPermitted(problems: readonly PermitProblem[]): SallyportError {
  const first = problems[0];
  return new SallyportError({
    code:
      first?.code === 'unknown_environment'
        ? 'environment_unknown'
        : (first?.code ?? 'config_invalid'),
    message: `${first?.message ?? 'The policy does not permit it'}.`,
    hint: first?.hint,
    exit: first?.code === 'unknown_environment' ? exitCodes.notFound : exitCodes.refused,
  });
}

export function invalidParameter(why: {
  readonly message: string;
  readonly hint: string;
}): SallyportError {
  return new SallyportError({
    code: 'invalid_parameter',
    message: `${why.message}.`,
    // As people type it here.
    hint: why.hint.replace(/^Type the command again with: \| /, '--param '),
    exit: exitCodes.usage,
  });
}

export function noTargetHere(environment: string, host: string): SallyportError {
  return new SallyportError({
    code: 'no_target',
    message: `The commit declares no target of ${environment} that ${host} runs.`,
    hint: `See \`hosts\` and \`roles\` in .github/sallyport.yml: sallyport validate`,
    exit: exitCodes.refused,
  });
}

export function otherKey(host: string, own: string): SallyportError {
  return new SallyportError({
    code: 'key_not_enrolled',
    message: `The policy names another key for ${host} than the one that this host has.`,
    hint: `In .github/sallyport.yml, under agents: ${host}: { key: "${own}", … }`,
    exit: exitCodes.refused,
  });
}

export function configMissing(path: string, sha: Sha): SallyportError {
  return new SallyportError({
    code: 'config_missing',
    message: `There is no ${path} at ${sha.slice(0, 7)}.`,
    hint: `Add it and push; check it first: sallyport validate ${path}`,
    exit: exitCodes.usage,
  });
}

export function configInvalid(sha: Sha, problem: ConfigProblem | undefined): SallyportError {
  const where = problem ? `${problem.file}:${problem.line}:${problem.column}` : 'It';
  return new SallyportError({
    code: 'config_invalid',
    message: `${where} at ${sha.slice(0, 7)}: ${problem?.message ?? 'cannot be read'}`,
    hint: 'Mend it and push; check it first: sallyport validate',
    exit: exitCodes.usage,
  });
}

/** Whoever cannot ask for them must not let anything through. */
export function checksUnknown(environment: string): SallyportError {
  return new SallyportError({
    code: 'checks_unknown',
    message: `${environment} requires checks of the commit, and only GitHub knows those.`,
    hint: 'Set `checks: none` and ask in another way: require.external in .github/sallyport.yml',
    exit: exitCodes.refused,
  });
}

export function nothingToStage(environment: string): SallyportError {
  return new SallyportError({
    code: 'nothing_to_stage',
    message: `No target of ${environment} on this host is a service, and nothing else has an idle slot to wait in.`,
    hint: `sallyport deploy ${environment}`,
    exit: exitCodes.usage,
  });
}
