/** Operators are created, and changed (guide §2.8); each types his own password himself. */
import { nameLimit, nameOf, userNameOf } from '../../core/administration/field.ts';
import {
  changeOperator,
  createOperator,
  setOperatorPassword,
  showOperator,
} from '../../core/administration/operator.ts';
import type { OperatorSheet } from '../../core/administration/ports.ts';
import { XmError } from '../../core/errors.ts';
import { datedMoment } from '../../text/format.ts';
import { fitted } from '../components/cell.ts';
import type { Desk } from '../desk.ts';
import { agreed, blaming, checkedBy, EntryScreen } from '../form/entry.ts';
import type { Choice, FieldOptions } from '../form/form.ts';

/** Characters of a password. */
const passwordLimit = 200;

/** Columns of a name in a sentence that has to fit into the message line. */
const nameWidth = 24;

export const blame = blaming({
  'user-name-invalid': 'userName',
  'user-name-taken': 'userName',
  'name-invalid': 'name',
  'certificate-name-invalid': 'certificateName',
  'privilege-invalid': 'privilege',
  'privilege-needed': 'privilege',
  'operator-self': 'privilege',
  'superviseur-last': 'privilege',
  'limit-operators': 'privilege',
  'password-short': 'password',
  'password-long': 'password',
  'password-obvious': 'password',
  'passwords-differ': 'again',
});

export function creation(desk: Desk): EntryScreen {
  const { texts, session } = desk;
  const { operators } = texts;
  return new EntryScreen(desk, () => ({
    title: texts.acts['operator-create'].name,
    fields: [
      {
        id: 'userName',
        label: operators.userName,
        limit: 32,
        required: true,
        check: checkedBy(desk, userNameOf),
      },
      ...sheetFields(desk),
      ...passwordFields(desk),
    ],
    notes: [operators.personally],
    blame,
    save: async ({ userName = '', name = '', certificateName = '', privilege, password = '', again }) => {
      if (password !== again) throw new XmError('passwords-differ');
      const entry = { userName, name, certificateName, privilege: Number(privilege) };
      const made = await createOperator(
        session.installation.administration,
        session.operator,
        entry,
        password,
      );
      return { told: operators.made(named(desk, made)) };
    },
  }));
}

export function change(desk: Desk, userName: string): EntryScreen {
  const { texts, session, language } = desk;
  const { operators } = texts;
  const { administration } = session.installation;
  return new EntryScreen(desk, async () => {
    const sheet = await showOperator(administration, session.operator, userName);
    const shown = (id: string, label: string, value: string) => ({ id, label, value, readOnly: true });
    return {
      about: sheet.name,
      title: texts.acts['operator-change'].name,
      fields: [
        shown('number', operators.number, `${sheet.id}`),
        shown('created', operators.created, datedMoment(sheet.createdAt, language)),
        shown('userName', operators.userName, sheet.userName),
        ...sheetFields(desk, sheet),
      ],
      blame,
      confirm: async ({ privilege }) =>
        privilege !== '0' || sheet.privilege === 0 || agreed(desk, operators.suspend(named(desk, sheet))),
      save: async ({ name = '', certificateName = '', privilege }) => {
        const changes = { name, certificateName, privilege: Number(privilege) };
        const changed = await changeOperator(administration, session.operator, userName, changes);
        return { told: operators.changed(named(desk, changed)) };
      },
    };
  });
}

export function newPassword(desk: Desk, userName: string): EntryScreen {
  const { texts, session } = desk;
  const { operators } = texts;
  const { administration } = session.installation;
  return new EntryScreen(desk, async () => {
    const sheet = await showOperator(administration, session.operator, userName);
    return {
      about: sheet.name,
      title: texts.acts['operator-password'].name,
      fields: [
        { id: 'userName', label: operators.userName, value: named(desk, sheet), readOnly: true },
        ...passwordFields(desk),
      ],
      notes: [operators.personally],
      blame: error => (error.code === 'privilege-needed' ? undefined : blame(error)),
      save: async ({ password = '', again }) => {
        if (password !== again) throw new XmError('passwords-differ');
        await setOperatorPassword(administration, session.operator, userName, password);
        return { told: operators.passwordSet(named(desk, sheet)) };
      },
    };
  });
}

/** `mbome « Mbome François »`. */
export function named({ texts }: Desk, { userName, name }: Pick<OperatorSheet, 'userName' | 'name'>): string {
  return texts.operators.named(userName, fitted(name, nameWidth));
}

function sheetFields(desk: Desk, sheet?: OperatorSheet): FieldOptions[] {
  const { operators } = desk.texts;
  const { name = '', certificateName = '', privilege = 1 } = sheet ?? {};
  return [
    {
      id: 'name',
      label: operators.name,
      value: name,
      limit: nameLimit,
      required: true,
      check: checkedBy(desk, nameOf),
    },
    { id: 'certificateName', label: operators.certificateName, value: certificateName, limit: nameLimit },
    {
      id: 'privilege',
      label: operators.privilege,
      value: `${privilege}`,
      choices: privilegeChoices(desk),
    },
  ];
}

function privilegeChoices({ texts }: Desk): Choice[] {
  const { privileges, privilegeLine } = texts.operators;
  return privileges.map((words, level) => ({ id: `${level}`, label: privilegeLine(level, words) }));
}

export function passwordFields({ texts }: Pick<Desk, 'texts'>): FieldOptions[] {
  const { operators } = texts;
  const secret = { secret: true, required: true, limit: passwordLimit } as const;
  return [
    { id: 'password', label: operators.password, ...secret },
    { id: 'again', label: operators.again, ...secret },
  ];
}
