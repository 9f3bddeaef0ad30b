/** The commands, in the language of the console. */
import type { Talk } from './talk.ts';

export function tellHelp(talk: Talk): void {
  const { lines, texts } = talk;
  talk.say(lines.help);
  const own = Object.values(lines.commands);
  for (const { names, argument, help } of own) talk.labelled(`${names[0]} ${argument}`.trimEnd(), help);
  const told = new Set(own.map(({ names }) => names[0]));
  for (const { name, commands } of Object.values(texts.acts)) {
    const [command] = commands;
    if (command !== undefined && !told.has(command)) talk.labelled(command, name);
  }
  talk.say(lines.rows);
  talk.say(lines.fields);
}
