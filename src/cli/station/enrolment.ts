/**
 * `xmstation enrol`: the station's certificate, over the network or by files. Over the network the request is signed by
 * the key that asks; the operator of the centre compares the fingerprint by voice and decides, maybe days later: the same
 * command again goes on waiting.
 */
import { XmError } from '../../core/errors.ts';
import type { Answer, MessageId, Outcome } from '../../core/message.ts';
import { type Certificate, isSelfSigned, readCertificate, spkiOf } from '../../pki/certificate.ts';
import { KeyStore } from '../../pki/key-store.ts';
import { makeRequest, spokenFingerprint } from '../../pki/request.ts';
import { messageIn } from '../../sdc/opener.ts';
import { answerTo, keepQuestion } from '../../station/asking.ts';
import { programTexts } from '../../text/program.ts';
import { exitCodes, noArguments } from '../command-line.ts';
import { openEnrolling } from '../open-station.ts';
import { enrolByFiles, keepStationCertificates } from './enrol-files.ts';
import { linked, print, type StationSession, secrets, tellRefusal, usage } from './session.ts';

export async function enrol(session: StationSession, args: readonly string[]): Promise<number> {
  const { flags, folder, language } = session;
  noArguments(args, language);
  return flags.online ? enrolOnline(session) : enrolByFiles(folder, flags, language);
}

type EnrollingStation = Awaited<ReturnType<typeof openEnrolling>>;

async function enrolOnline(session: StationSession): Promise<number> {
  const { flags, texts, language } = session;
  const open = await openEnrolling(session.folder);
  try {
    const { privateKey, publicKey } = open.key;
    // An RSA key signs with its certificate, as other tools do, and has none yet.
    if (privateKey.asymmetricKeyType !== 'ec') throw usage(texts.rsaByFiles);
    const fingerprint = spokenFingerprint(spkiOf(publicKey));
    const id = (await waitingRequest(open)) ?? (await ask(session, open));
    if (!flags.json) console.log(`${texts.readOut}\n  ${fingerprint}`);
    const answer = await decision(session, open, id, fingerprint);
    if ('kind' in answer) {
      return answer.kind === 'refused' ? tellRefusal(session, answer) : exitCodes.failed;
    }
    const kept = install(session, answer);
    await open.store.markTaken(id, Date.now());
    const until = new Date(kept.notAfter).toISOString();
    print(session, { fingerprint, subject: kept.subject, notAfter: until }, [
      programTexts[language].enrol.kept(kept.subject, until.slice(0, 10)),
    ]);
    return exitCodes.ok;
  } finally {
    await open.close();
  }
}

/** What was asked for the key that waits, and has no answer in its place yet. */
async function waitingRequest({ store, key }: EnrollingStation): Promise<MessageId | undefined> {
  const id = (await store.untaken('ENROL')).at(-1);
  const reply = id && (await store.replyTo(id));
  if (!id || !reply || 'outcome' in reply) return id;
  const answer = reply.signed.map(signed => messageIn(signed) as Answer);
  if (certificatesOf(answer)[0]?.publicKey.equals(key.publicKey)) return id;
  // Of a key that got its certificate by another way.
  await store.markTaken(id, Date.now());
  return undefined;
}

async function ask(session: StationSession, open: EnrollingStation): Promise<MessageId> {
  const { matricule } = open.settings;
  const [password = ''] = await secrets(session, [session.texts.clientPassword(matricule)]);
  const subject = { commonName: session.flags.name ?? `${matricule}`, serialNumber: `${matricule}` };
  const request = makeRequest(open.key, subject);
  const parts = { clock: Date, server: open.servers()[0], store: open.store, sealer: open.sealer };
  return keepQuestion(parts, { service: 'ENROL', matricule, password, request });
}

/** The certificate, or the refusal. Throws `answer-late`. */
async function decision(
  session: StationSession,
  open: EnrollingStation,
  id: MessageId,
  fingerprint: string,
): Promise<readonly Answer[] | Outcome> {
  const { flags, texts } = session;
  try {
    return await linked(session, open, (_parts, ending, tell) =>
      answerTo(open.store, id, ending, ({ isSent, isPending }) => {
        if (isPending) tell(texts.enrolPending);
        else if (isSent) tell(texts.sent('ENROL'));
      }),
    );
  } catch (error) {
    if (error instanceof XmError && error.code === 'answer-late') {
      const { isPending } = await open.store.progressOf(id);
      if (flags.json) console.log(JSON.stringify({ fingerprint, pending: isPending }));
      else if (isPending) console.log(texts.enrolPending);
    }
    throw error;
  }
}

/** Where no authority is known here, the one that the centre names is taken over: its message is signed. */
function install({ folder }: StationSession, answer: readonly Answer[]): Certificate {
  const own = certificatesOf(answer);
  const store = new KeyStore(folder.at('station'));
  const roots = own.filter(isSelfSigned);
  const isFirst = store.authorityCertificates().length === 0 && roots.length > 0;
  const [kept] = keepStationCertificates(store, { own, ...(isFirst ? { authority: roots } : {}) });
  if (!kept) throw new XmError('certificate-invalid', { detail: 'CERTIFICATE' });
  return kept;
}

/** The station's, then those that lead to its authority. */
function certificatesOf(answer: readonly Answer[]): Certificate[] {
  const [message] = answer.filter(one => one.service === 'CERTIFICATE');
  return (message?.certificates ?? []).map(der => readCertificate(der));
}
