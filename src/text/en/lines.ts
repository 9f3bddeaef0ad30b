/** What the console in lines says, beside the texts of the screens. */
import type { LinesTexts } from '../fr/lines.ts';

export const lines: LinesTexts = {
  prompt: label => `${label}: `,
  command: 'Command',
  answer: 'Answer',
  choice: (letter, label) => `${letter}: ${label}`,
  welcome: 'Type "help" for the commands.',
  following: 'Events are told as they come. Enter: end.',
  followed: 'No longer following.',
  transferring: 'T2D under way. Enter: stop.',
  more: 'For the rest: "more".',
  noMore: 'There is nothing more.',
  noLines: 'That is done on the screen only: "xmserver" without --plain.',
  unknown: command => `Unknown command: ${command}. "help" shows the commands.`,
  call: usage => `Give: ${usage}.`,
  help: 'The commands, in English or in French:',

  commands: {
    status: { names: ['status'], argument: '', help: 'what runs, and the counters' },
    follow: { names: ['follow'], argument: '', help: 'events as they come, until Enter' },
    messages: {
      names: ['messages'],
      argument: '[MATRICULE|TABLE|OUTCOME]',
      help: 'the journal of messages, the newest first',
    },
    message: { names: ['message'], argument: 'N', help: 'a message: its outcome and its contents' },
    retry: { names: ['retry'], argument: 'N', help: 'try a refused message again' },
    clients: { names: ['clients'], argument: '[WORDS]', help: 'the clients, by matricule' },
    client: { names: ['client'], argument: 'MATRICULE', help: 'one client' },
    import: {
      names: ['t2d-import'],
      argument: 'FOLDER|FILE',
      help: 'T2D: file the SDCs of a folder or a key',
    },
    export: {
      names: ['t2d-export'],
      argument: 'FOLDER [--client MATRICULE]',
      help: 'T2D: write receipts and answers into a folder',
    },
    more: { names: ['more'], argument: '', help: 'the rest of the list' },
  },
};
