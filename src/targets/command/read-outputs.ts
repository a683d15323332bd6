import { z } from 'zod';
import { readJson } from './plan-reading.ts';

/** They become environment variables, of which a program takes no more. */
export const maxOutputBytes = 64 * 1024;

const Outputs = z.record(z.string().regex(/^[A-Za-z_][\w.-]{0,127}$/), z.unknown());

/** As `tofu output -json` has each of them. */
const TofuOutput = z.object({ sensitive: z.boolean(), value: z.unknown() });

/** How `pulumi stack output --json` prints a secret. */
const pulumiSecret = '[secret]';

/**
 * What a target gives, from the JSON object that its program printed: values, or `tofu output -json`.
 * What is marked sensitive, and whatever has a secret of the host in it, is left out.
 */
export function readOutputs(
  text: string,
  secrets: readonly string[],
): Readonly<Record<string, unknown>> {
  const printed = Object.entries(readJson(text, Outputs, 'what outputs printed', 'verify_failed'));
  const hidden = secrets.filter((secret) => secret !== '').map(inJson);
  const shown = printed.flatMap(([name, given]) => {
    const { sensitive, value } = valueOf(given);
    const json = JSON.stringify(value) ?? 'null';
    const isSecret = sensitive || hidden.some((secret) => json.includes(secret));
    return isSecret || json.includes(inJson(pulumiSecret)) ? [] : [[name, value] as const];
  });
  return Object.fromEntries(shown);
}

function valueOf(given: unknown): { readonly sensitive: boolean; readonly value: unknown } {
  const tofu = TofuOutput.safeParse(given);
  return tofu.success ? tofu.data : { sensitive: false, value: given };
}

/** A text as it stands inside of JSON. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
