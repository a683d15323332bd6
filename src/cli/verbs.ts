import type { Verb } from './verb.ts';
import { agentVerbs } from './verbs-agent.ts';
import { deliveryVerbs } from './verbs-deliveries.ts';
import { operatingVerbs } from './verbs-operating.ts';
import { lookingVerbs } from './verbs-looking.ts';

const agentConfigPath = '/etc/sallyport/agent.yml';

/** Every verb of the program, in the order of its help. */
export const verbs: readonly Verb[] = [
  {
    name: 'try',
    summary: 'Show the whole system at work on this machine',
    usage: '',
    options: [
      { flags: '--once', summary: 'end with the story instead of staying up' },
      { flags: '--repo <path>', summary: 'deploy this Git repository instead of the sample' },
      { flags: '--environment <name>', summary: 'the environment to rehearse (production)' },
      { flags: '--keep', summary: 'leave its folder, with all logs, behind' },
    ],
    examples: [
      'sallyport try',
      'sallyport try --once',
      'sallyport try --repo . --environment production',
    ],
    load: () => import('./try.ts'),
  },
  {
    name: 'validate',
    summary: 'Check a configuration file',
    usage: '[file]',
    options: [{ flags: '--agent', summary: 'read it as the agent.yml of a host' }],
    examples: [
      'sallyport validate',
      'sallyport validate /etc/sallyport/agent.yml',
      'sallyport validate --json .github/sallyport.yml',
    ],
    load: () => import('./validate.ts'),
  },
  {
    name: 'explain',
    summary: 'Show how a comment is read',
    usage: '<comment>',
    options: [],
    examples: ['sallyport explain "/deploy production"', 'sallyport explain --json "/status"'],
    load: () => import('./explain.ts'),
  },
  {
    name: 'app',
    summary: 'Serve the webhooks of the GitHub App',
    usage: '',
    options: [
      { flags: '--host <host>', summary: 'address to listen on (127.0.0.1)' },
      { flags: '--port <port>', summary: 'port to listen on (3000)' },
      { flags: '--key <file>', summary: 'the key that signs jobs ($SALLYPORT_SIGNING_KEY)' },
      {
        flags: '--setup',
        summary: 'as app setup, which it also is on a terminal without settings',
      },
    ],
    examples: [
      'APP_ID=12 PRIVATE_KEY_PATH=app.pem WEBHOOK_SECRET=… sallyport app --key sallyport-app.key',
    ],
    load: () => import('./app.ts'),
  },
  {
    name: 'app setup',
    summary: 'Register the GitHub App in your browser',
    usage: '',
    options: [
      { flags: '--url <url>', summary: 'where GitHub reaches the App' },
      { flags: '--name <name>', summary: 'what it is called, unique on all of GitHub' },
      { flags: '--organization <name>', summary: 'whose it is (your own account)' },
      { flags: '--out <dir>', summary: 'where its settings are written (here)' },
      { flags: '--host <host>', summary: 'address to listen on (127.0.0.1)' },
      { flags: '--port <port>', summary: 'port to listen on (3000)' },
    ],
    examples: [
      'sallyport app setup --url https://sallyport.example.com',
      'sallyport app setup --organization acme --out /etc/sallyport',
    ],
    load: () => import('./app-setup.ts'),
  },
  {
    name: 'app keygen',
    summary: 'Make the key that signs jobs',
    usage: '',
    options: [{ flags: '--out <file>', summary: 'a new file (sallyport-app.key)' }],
    examples: ['sallyport app keygen --out /etc/sallyport/app.key'],
    load: () => import('./app-keygen.ts'),
  },
  {
    name: 'agent run',
    summary: 'Run the agent of this host',
    usage: '',
    options: [{ flags: '--config <file>', summary: `its agent.yml (${agentConfigPath})` }],
    examples: ['sallyport agent run', 'sallyport agent run --config ./agent.yml'],
    load: () => import('./agent-run.ts'),
  },
  {
    name: 'agent keygen',
    summary: "Make this host's key and print what enrols it",
    usage: '',
    options: [
      { flags: '--config <file>', summary: `the host's agent.yml (${agentConfigPath})` },
      { flags: '--state <dir>', summary: 'the state folder, where there is no agent.yml yet' },
      { flags: '--name <name>', summary: "the host's name in the policy" },
      { flags: '--force', summary: 'replace a key that is there' },
    ],
    examples: [
      'sallyport agent keygen',
      'sallyport agent keygen --state /var/lib/sallyport --name web-1',
    ],
    load: () => import('./agent-keygen.ts'),
  },
  ...agentVerbs(() => verbs),
  ...operatingVerbs,
  ...lookingVerbs,
  ...deliveryVerbs,
  {
    name: 'completion',
    summary: 'Print what completes commands in your shell',
    usage: '<shell>',
    options: [],
    examples: [
      'source <(sallyport completion bash)',
      'sallyport completion zsh > "${fpath[1]}/_sallyport"',
      'sallyport completion fish > ~/.config/fish/completions/sallyport.fish',
    ],
    load: async () => (await import('./completion.ts')).completionOf(verbs),
  },
];

/** What stands in the help beside a word that only has verbs below it. */
export const groups: Readonly<Record<string, string>> = {
  agent: 'The agent on a host',
  deliveries: 'Webhooks that the App took',
};
