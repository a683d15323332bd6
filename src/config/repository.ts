import { z } from 'zod';
import { CommandConfig } from './command.ts';
import { Comments } from './comments.ts';
import { Environment } from './environment.ts';
import { FilesConfig } from './files.ts';
import { section } from './later.ts';
import { ServiceConfig } from './service.ts';
import { KeyText, Name, mapOf } from './words.ts';

/** A host that may take part, with the public half of the key that it made for itself. */
const EnrolledAgent = section({
  key: KeyText.describe('As `sallyport agent keygen` prints it.'),
  environments: z
    .array(Name)
    .min(1, { error: 'at least one environment' })
    .describe('The environments that it may speak for.'),
  roles: z.array(Name).default([]).describe('Targets with `roles` go to hosts that have one.'),
}).describe('A host, enrolled by a reviewed pull request.');

/** What one target declares, whatever its kind. */
export const TargetConfig = z.discriminatedUnion('kind', [
  ServiceConfig,
  FilesConfig,
  CommandConfig,
]);
export type TargetConfig = z.output<typeof TargetConfig>;

/**
 * `.github/sallyport.yml`. `environments` and `agents` (the policy) count as they stand on the
 * default branch, `targets` as they stand in the commit that is deployed.
 */
export const RepositoryConfig = section({
  version: z.literal(1).describe('Of this format.'),
  targets: mapOf(TargetConfig).prefault({}).describe('What there is to deploy, by name.'),
  agents: mapOf(EnrolledAgent).prefault({}).describe('The hosts, by name.'),
  environments: mapOf(Environment).prefault({}).describe('Where it goes, by name.'),
  comments: Comments.prefault({}),
}).describe('Sallyport in a repository: .github/sallyport.yml');
export type RepositoryConfig = z.output<typeof RepositoryConfig>;
