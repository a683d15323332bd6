import { Command } from 'commander';
import type { ExitCode } from '../model/errors.ts';
import { coloursOf } from './output.ts';
import type { Verb } from './verb.ts';
import { groups } from './verbs.ts';
import { version } from './version.ts';
import type { World } from './world.ts';

/** The whole command line, from the table of verbs; `done` gets the exit code of the one that ran. */
export function buildCommand(
  verbs: readonly Verb[],
  world: World,
  done: (code: ExitCode) => void,
): Command {
  const program = plainCommand('sallyport', world)
    .description('Deploys from GitHub to machines that GitHub cannot reach.')
    .version(version, '--version', 'print the version')
    .helpCommand(false)
    .action(() => program.outputHelp());
  for (const verb of verbs) addVerb(program, verb, world, done);
  return program;
}

function addVerb(program: Command, verb: Verb, world: World, done: (code: ExitCode) => void): void {
  const path = verb.name.split(' ');
  const command = path.reduce((parent, word) => childOf(parent, word, world), program);
  command.description(`${verb.summary}.`).summary(verb.summary);
  if (verb.usage !== '') command.arguments(verb.usage);
  for (const { flags, summary, repeats } of verb.options) {
    if (repeats) command.option(flags, summary, together);
    else command.option(flags, summary);
  }
  command.option('--json', 'print one JSON document');
  command.addHelpText(
    'after',
    () => `\nExamples:\n${verb.examples.map((line) => `  ${line}\n`).join('')}`,
  );
  command.action(async () => {
    const module = await verb.load();
    const { json, ...options } = namesAsTyped(command);
    done(await module.run({ words: command.args, options, json: json === true }, world));
  });
}

function together(value: string, before: string | undefined): string {
  return before === undefined ? value : `${before}\n${value}`;
}

/** The command of this name below another one; a word that is no verb itself shows its help. */
function childOf(parent: Command, word: string, world: World): Command {
  const known = parent.commands.find((command) => command.name() === word);
  if (known) return known;
  const child = plainCommand(word, world);
  child.description(groups[word] ?? '').action(() => child.outputHelp());
  parent.addCommand(child);
  return child;
}

/** commander turns `--token-file` into `tokenFile`; a verb sees what people type. */
function namesAsTyped(command: Command): Record<string, string | true | undefined> {
  const given = command.options
    .map((option) => [
      option.name(),
      command.getOptionValue(option.attributeName()) as string | true,
    ])
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Record<string, string | true>;
}

function plainCommand(name: string, world: World): Command {
  const colours = coloursOf(world.stdout, world.env);
  return (
    new Command(name)
      .exitOverride()
      // `app` and `app keygen` both know --json: it belongs to the word that it stands behind.
      .enablePositionalOptions()
      .allowExcessArguments(false)
      .helpOption('--help', 'show this help')
      .configureHelp({ styleTitle: colours.bold, styleSubcommandText: colours.cyan })
      .configureOutput({
        writeOut: (text) => world.stdout.write(text),
        writeErr: () => undefined,
        outputError: () => undefined,
        getOutHasColors: () => colours.isColorSupported,
        getOutHelpWidth: () => 100,
      })
  );
}
