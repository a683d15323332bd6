import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { maxConfigBytes, readYaml } from '../src/config/read-yaml.ts';
import type { Annotation } from './step.ts';

const folder = '.github/workflows';
const maxFiles = 200;

const Job = z.object({
  environment: z.unknown().optional(),
  steps: z.array(z.unknown()).optional(),
});
const Workflow = z.object({ jobs: z.record(z.string(), z.unknown()) });
const StepWithKey = z.object({ with: z.object({ 'signing-key': z.unknown() }) });

/** Where a workflow of the checkout hands over the signing key in a way that others may reach it. */
export async function keyWarnings(workspace: string): Promise<readonly Annotation[]> {
  const names = await readdir(join(workspace, folder)).catch((): string[] => []);
  const files = names.filter((name) => /\.ya?ml$/u.test(name)).slice(0, maxFiles);
  const found = await Promise.all(
    files.map(async (name) => warningsIn(await read(join(workspace, folder, name)), name)),
  );
  return found.flat();
}

function warningsIn(text: string, name: string): readonly Annotation[] {
  const file = `${folder}/${name}`;
  const yaml = readYaml(text, file);
  const workflow = yaml.ok ? Workflow.safeParse(yaml.value) : null;
  if (!yaml.ok || !workflow?.success) return [];
  return Object.entries(workflow.data.jobs).flatMap(([id, unread]) => {
    const { environment, steps = [] } = Job.safeParse(unread).data ?? {};
    return steps.flatMap((step, index): readonly Annotation[] => {
      const { data } = StepWithKey.safeParse(step);
      const message = data && warningOf(data.with['signing-key'], environment);
      if (!message) return [];
      const path = ['jobs', id, 'steps', index, 'with', 'signing-key'];
      const { line, column } = yaml.at(path, 'key', { message });
      return [{ level: 'warning', title: 'the signing key', message, file, line, column }];
    });
  });
}

function warningOf(value: unknown, environment: unknown): string | null {
  if (typeof value !== 'string' || !/\$\{\{\s*secrets\b/u.test(value)) {
    return 'The signing key stands in the file, where everybody who reads the repository has it. Make a new key, and keep it as a secret.';
  }
  if (environment === undefined) {
    return 'The job names no `environment`, so that the key is a secret of the repository: whoever may push a workflow to any branch can read it. Keep it in an environment that only the default branch may use.';
  }
  return null;
}

async function read(path: string): Promise<string> {
  const { size } = await stat(path);
  return size > maxConfigBytes ? '' : readFile(path, 'utf8');
}
