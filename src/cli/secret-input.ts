/** Passwords from standard input: never from arguments, which every account of the machine can read. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** One line of standard input for each prompt; at a terminal they are asked for, and not echoed. */
export async function askSecrets(prompts: readonly string[]): Promise<string[]> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const isTerminal = process.stdin.isTTY;
  // One reader for all: what is typed or pasted ahead is not lost between two.
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isTerminal });
  const read = lines[Symbol.asyncIterator]();
  const answers: string[] = [];
  try {
    for (const prompt of prompts) {
      if (isTerminal) process.stderr.write(prompt);
      const { value, done } = await read.next();
      if (isTerminal) process.stderr.write('\n');
      answers.push(done ? '' : value);
    }
    return answers;
  } finally {
    lines.close();
  }
}
