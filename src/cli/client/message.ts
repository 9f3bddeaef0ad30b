/** `client message`: a message to a client, which the engine sends. */
import { showClient } from '../../core/administration/client.ts';
import { sendMessage } from '../../core/administration/client-message.ts';
import { type Command, needed } from '../administration/session.ts';
import { readInput } from '../pki/session.ts';
import { matriculeOf } from './listing.ts';

export const message: Command = async (session, args) => {
  const { administration, operator, flags, texts } = session;
  const matricule = matriculeOf(session, args[0]);
  const text = flags.textFile === undefined ? flags.text : readInput(flags.textFile).toString('utf8');
  const id = await sendMessage(administration, operator, matricule, {
    subject: needed(session, '--subject', flags.subject),
    text: needed(session, '--text | --text-file', text),
    reference: flags.reference,
  });
  const { name } = await showClient(administration, operator, matricule);
  return { json: { id, client: matricule }, lines: [texts.messageQueued(id, name)] };
};
