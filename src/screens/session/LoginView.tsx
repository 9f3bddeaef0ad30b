/** Opening a session: name and password; in trial use, which ones to type. */
import type { ReactNode } from 'react';
import { trialOperator } from '../../core/operator.ts';
import { FieldRow } from '../components/FieldRow.tsx';
import { Line } from '../components/Line.tsx';
import type { Console } from '../console.ts';
import { Frame } from '../frame/Frame.tsx';
import { Answers, Hints, useHints } from '../frame/Hints.tsx';
import { MessageLine } from '../frame/MessageLine.tsx';
import { useLook, useObserved } from '../look.ts';
import type { Login } from './login.ts';

const labelWidth = 24;

interface LoginViewProps {
  readonly console: Console;
  readonly login: Login;
}

export function LoginView({ console, login }: LoginViewProps): ReactNode {
  const { texts } = useLook();
  useObserved(login);
  const { question, message } = console;
  const { installation, fields, focus, checking } = login;
  const product = installation.readOnly ? `${texts.product} · ${texts.readOnly}` : texts.product;
  const hints = useHints(['submit', 'next-field', 'quit'], ['form']);
  return (
    <Frame
      left={`${product} · ${installation.serverName}`}
      right={texts.version(installation.version)}
      hints={question ? <Answers question={question} /> : <Hints hints={hints} />}
      message={
        <MessageLine
          question={question}
          message={checking ? { text: texts.login.checking, tone: 'plain' } : message}
        />
      }
    >
      <Line>{` ${texts.login.title}`}</Line>
      <Line />
      {(['userName', 'password'] as const).map(name => (
        <FieldRow
          key={name}
          label={texts.login[name]}
          labelWidth={labelWidth}
          field={fields[name]}
          focused={focus === name && !checking && !question}
          instead={texts.login.hidden}
        />
      ))}
      {installation.trial && (
        <>
          <Line />
          <Line>{` ${texts.login.trial(trialOperator.userName, trialOperator.password)}`}</Line>
        </>
      )}
    </Frame>
  );
}
