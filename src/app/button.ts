import type { Command } from '../command/command.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import { Answer } from './answer.ts';
import { checkActions, readIdentifier } from './check-actions.ts';
import type { ButtonEvent } from './events/button.ts';
import type { CommentEvent } from './events/comment.ts';
import { findDeployment, type Found } from './find-deployment.ts';
import { answering, run, type Asked } from './issue-comment.ts';
import { requireMay } from './person.ts';
import type { Github } from './ports.ts';
import { showDeployment } from './show-deployment.ts';
import type { AppWorld } from './world.ts';

/**
 * A button under a check run acts as the command does that this person could have typed: the same
 * permission, gates and words. It is answered under the pull request, or in the check run itself
 * where nobody commented for the deployment.
 */
export async function handleButton(
  event: ButtonEvent,
  open: () => Promise<AppWorld>,
): Promise<void> {
  const { deployment } = event;
  if (!event.isByPerson || deployment === null) return;
  const world = await open();
  const found = findDeployment(deployment, await world.reader.refresh());
  if (!found) return;
  const pressed = worldOfButton(found, world);
  const at = askedBy(event, found, pressed);
  await answering(at, pressed, () => press(event, found, at, pressed));
  await showDeployment(deployment, world);
}

async function press(
  { identifier }: ButtonEvent,
  found: Found,
  at: Asked,
  world: AppWorld,
): Promise<void> {
  const { verb, digits } = readIdentifier(identifier);
  const command = commandOf(verb, digits, found.view.job);
  if (!command) return;
  const isOffered = checkActions(found).some((action) => verbOf(action) === verb);
  if (isOffered) return run(command, at, world);
  await requireMay({ ...at, command }, world);
  throw new SallyportError({
    code: 'button_is_old',
    message: `Deployment ${found.view.deployment} is ${found.view.state} now, which this button is not for`,
    hint: `/status ${found.view.job.environment}`,
    exit: exitCodes.refused,
  });
}

const verbOf = ({ identifier }: { readonly identifier: string }): string =>
  readIdentifier(identifier).verb;

const planDigits = /^[0-9a-f]{8,64}$/;

/** What the person could have typed; `null` where we made no such button. */
function commandOf(verb: string, digits: string, { environment }: Job): Command | null {
  const words = {
    line: 0,
    flags: {},
    params: {},
    inputs: {},
    ref: null,
    sha: null,
    environment,
  } as const;
  switch (verb) {
    case 'approve':
      // Without a plan it would be of whatever is planned now.
      return planDigits.test(digits)
        ? { ...words, name: 'approve', params: { digest: digits } }
        : null;
    case 'reject':
      return { ...words, name: 'reject' };
    case 'cancel':
      return { ...words, name: 'cancel' };
    case 'rollback':
      return { ...words, name: 'rollback' };
    case 'switch':
      return { ...words, name: 'switch', target: null };
    default:
      return null;
  }
}

function askedBy(event: ButtonEvent, { view }: Found, world: AppWorld): Asked {
  const { identifier, sender, checkRun } = event;
  const issue = view.job.reply?.issue ?? 0;
  const asked: CommentEvent = {
    issue,
    isPull: issue !== 0,
    comment: 0,
    body: '',
    // What the button is for stands in its identifier; when it was pressed GitHub does not tell.
    at: 0,
    author: sender,
    isByPerson: true,
  };
  const verb = readIdentifier(identifier).verb;
  return {
    event: asked,
    words: `${verb} ${view.job.environment}, a button pressed by ${sender.login}`,
    answer: new Answer(world.github, issue),
    deployment: view.deployment,
    button: `button:${world.repository.id}:${checkRun}:${identifier}`,
  };
}

/** There is no comment to react to; and where there is no thread either, the check run is the answer. */
function worldOfButton({ view }: Found, world: AppWorld): AppWorld {
  const { surfaces } = world.followUps;
  const react: Github['react'] = () => Promise.resolve();
  if (view.job.reply) return { ...world, github: { ...world.github, react } };
  const note = (body: string): Promise<number> => {
    surfaces.notices.set(view.deployment, body);
    return Promise.resolve(view.deployment);
  };
  const github: Github = {
    ...world.github,
    react,
    say: (_, body) => note(body),
    edit: async (_, body) => void (await note(body)),
  };
  return { ...world, github };
}
