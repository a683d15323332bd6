import { ProxySection } from '../config/hosting.ts';
import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { isFit } from '../upkeep/doctor/examine.ts';
import type { KnownService } from '../upkeep/known-services.ts';
import { examineHost, printFindings } from './examine-host.ts';
import { textOption } from './option-values.ts';
import { requireInstallation } from './upkeep-place.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** Looks at everything that the agent needs, whether it runs or not; changes nothing. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const parts = await world.parts.upkeep();
  const driver = driverOption(args);
  const installation = await requireInstallation(args, parts.machine, world);
  const found = await examineHost(installation, parts, driver === null ? [] : [driver]);
  const fit = isFit(found);
  if (args.json) world.stdout.write(`${JSON.stringify({ schema: 1, ok: fit, findings: found })}\n`);
  else printFindings(found, world);
  return fit ? exitCodes.done : exitCodes.failed;
}

/** The proxy that was named with `--proxy`. Throws `usage`. */
export function driverOption(args: Args): KnownService['driver'] | null {
  const text = textOption(args, 'proxy');
  if (text === null) return null;
  const { data } = ProxySection.shape.driver.safeParse(text);
  if (data !== undefined) return data;
  throw new SallyportError({
    code: 'usage',
    message: `--proxy ${text} is no proxy that Sallyport knows.`,
    hint: '--proxy builtin, nginx, haproxy or caddy',
    exit: exitCodes.usage,
  });
}
