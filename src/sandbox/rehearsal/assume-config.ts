import { SallyportError, exitCodes } from '../../model/errors.ts';

/** What a repository without `.github/sallyport.yml` shows of itself. */
export interface Glance {
  /** The text of package.json; `null` where there is none. */
  readonly packageJson: string | null;
  readonly hasLockFile: boolean;
}

/**
 * The config that suits a Node service started by `npm start`, ready to be kept. Hosts, their keys
 * and free ports are for the reader to fill in; a rehearsal fills in its own. Throws
 * `nothing_to_run` where there is no `npm start`.
 */
export function assumeConfig({ packageJson, hasLockFile }: Glance, environment: string): string {
  const { scripts, hasDependencies } = readPackage(packageJson);
  if (scripts['start'] === undefined) throw nothingToRun(packageJson !== null);
  const install = hasLockFile ? '[npm, ci, --omit=dev]' : '[npm, install, --omit=dev]';
  const build = hasDependencies ? `    build: ${install}\n` : '';
  return `version: 1

targets:
  web:
    kind: service
${build}    run: [npm, start]
    ports: { blue: 8001, green: 8002 }
    health: { path: /, deadline: 60s }
    proxy: { driver: builtin, listen: 8000 }

# Your hosts: \`sallyport agent keygen\`, on each of them, prints its line.
agents: {}

environments:
  ${environment}: { sync: manual, targets: [web] }
`;
}

interface PackageFacts {
  readonly scripts: Readonly<Record<string, unknown>>;
  readonly hasDependencies: boolean;
}

function readPackage(text: string | null): PackageFacts {
  const read = parseJson(text ?? '{}');
  const { scripts, dependencies } =
    typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
  return {
    scripts: isRecord(scripts) ? scripts : {},
    hasDependencies: isRecord(dependencies) && Object.keys(dependencies).length > 0,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SallyportError({
      code: 'package_json_invalid',
      message: 'package.json is not valid JSON',
      hint: 'node -e "require(\'./package.json\')"',
      exit: exitCodes.usage,
      cause,
    });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function nothingToRun(hasPackage: boolean): SallyportError {
  return new SallyportError({
    code: 'nothing_to_run',
    message: hasPackage
      ? 'The repository has no .github/sallyport.yml, and its package.json has no script "start"'
      : 'The repository has neither .github/sallyport.yml nor package.json',
    hint: 'Write .github/sallyport.yml (docs/reference/configuration.md) and check it: sallyport validate',
    exit: exitCodes.usage,
  });
}
