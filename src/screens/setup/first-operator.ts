/** The first operator of an installation, a Superviseur: created, and logged in. */
import { nameLimit, nameOf, userNameOf } from '../../core/administration/field.ts';
import type { Installation } from '../../core/console-ports.ts';
import { XmError } from '../../core/errors.ts';
import type { Operator } from '../../core/operator.ts';
import { faultOf, reasonOf } from '../fault.ts';
import { checkedBy, EntryScreen, type FormDesk } from '../form/entry.ts';
import { blame, passwordFields } from '../operators/registration.ts';

interface FirstOperatorHandlers {
  readonly onOpened: (operator: Operator) => void;
  /** Somebody else was faster. */
  readonly onTaken: () => void;
}

export function firstOperator(
  desk: FormDesk,
  installation: Pick<Installation, 'createFirstOperator' | 'serverCertificate'>,
  { onOpened, onTaken }: FirstOperatorHandlers,
): EntryScreen {
  const { texts, language } = desk;
  const { operators, setup, settings } = texts;
  return new EntryScreen(desk, () => ({
    title: setup.step(2, setup.firstOperator),
    fields: [
      {
        id: 'userName',
        label: operators.userName,
        limit: 32,
        required: true,
        check: checkedBy(desk, userNameOf),
      },
      {
        id: 'name',
        label: operators.name,
        limit: nameLimit,
        required: true,
        check: checkedBy(desk, nameOf),
      },
      ...passwordFields(desk).map(field => ({ ...field, hint: settings.password.hint })),
    ],
    notes: [...setup.superviseur, '', setup.certificate, ...halves(installation.serverCertificate)],
    blame,
    save: async ({ userName = '', name = '', password = '', again }) => {
      if (password !== again) throw new XmError('passwords-differ');
      try {
        const operator = await installation.createFirstOperator({ userName, name }, password);
        return { told: setup.operatorMade(operator.userName), next: () => onOpened(operator) };
      } catch (error) {
        if (!(error instanceof XmError && error.code === 'operator-exists')) throw error;
        return { told: faultOf(reasonOf(error), texts, language), next: onTaken };
      }
    },
  }));
}

/** `AB:CD:…` of 32 bytes is wider than a line. */
function halves(fingerprint: string): string[] {
  const half = 'AB:'.length * 16;
  return [fingerprint.slice(0, half), fingerprint.slice(half)];
}
