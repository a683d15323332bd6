import type { Verb } from './verb.ts';

/** Every verb of the program, in the order of its help. */
export const verbs: readonly Verb[] = [
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
    name: 'completion',
    summary: 'Print what completes commands in your shell',
    usage: '<shell>',
    options: [],
    examples: [
      'source <(sallyport completion bash)',
      'sallyport completion zsh > "${fpath[1]}/_sallyport"',
      'sallyport completion fish > ~/.config/fish/completions/sallyport.fish',
    ],
    load: () => import('./completion.ts'),
  },
];

/** What stands in the help beside a word that only has verbs below it. */
export const groups: Readonly<Record<string, string>> = {
  agent: 'The agent on a host',
};
