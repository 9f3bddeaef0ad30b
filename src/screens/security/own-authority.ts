/** What our own authority makes by itself: a further key of the server, and new revocation lists. */
import type { Desk } from '../desk.ts';
import { agreed, EntryScreen } from '../form/entry.ts';
import { blameFile, fileField, yearsField } from './file-field.ts';

const serverYears = 5;
const mostYears = 20;
const usualDays = 30;
const mostDays = 365;

export function renewalEntry(desk: Desk): EntryScreen {
  const { texts, session } = desk;
  const { security } = session.installation;
  const { renewal } = texts.certificateFiles;
  return new EntryScreen(desk, async () => {
    await security.demandAuthority();
    return {
      title: texts.acts['server-renew'].name,
      fields: [
        {
          id: 'kind',
          label: renewal.kind,
          choices: [
            { id: 'ec', label: 'EC P-256' },
            { id: 'rsa', label: 'RSA 2048' },
          ],
          hint: texts.entry.choose,
        },
        yearsField(desk, serverYears, mostYears),
      ],
      notes: renewal.notes,
      confirm: () => agreed(desk, renewal.question),
      save: async ({ kind, years }) => {
        const key = await security.renewServerKey(kind === 'rsa' ? 'rsa' : 'ec', Number(years));
        return { told: renewal.done(key) };
      },
    };
  });
}

export function publicationEntry(desk: Desk): EntryScreen {
  const { texts, session } = desk;
  const { security } = session.installation;
  const { publication, file } = texts.certificateFiles;
  return new EntryScreen(desk, async () => {
    await security.demandAuthority();
    return {
      title: texts.acts['revocation-list'].name,
      fields: [
        {
          id: 'days',
          label: publication.days,
          value: `${usualDays}`,
          limit: 3,
          required: true,
          hint: publication.daysHint,
          check: value =>
            /^[1-9]\d*$/.test(value) && Number(value) <= mostDays ? undefined : publication.daysWrong,
        },
        { ...fileField(desk, 'out', file, publication.fileHint), required: false },
      ],
      blame: blameFile,
      save: async ({ days, out = '' }) => {
        const [newest] = await security.publishLists(Number(days), out);
        return {
          told: newest ? publication.done(newest.number, newest.revoked, newest.file) : '',
        };
      },
    };
  });
}
