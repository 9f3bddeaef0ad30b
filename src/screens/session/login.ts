/** The login form: name and password of an operator, checked one at a time. */
import type { Installation } from '../../core/console-ports.ts';
import type { Operator } from '../../core/operator.ts';
import type { Key } from '../../terminal/key.ts';
import { bindingOf } from '../keys.ts';
import { Observable } from '../observable.ts';
import { TextField } from '../text-field.ts';

export type LoginField = 'userName' | 'password';

/** What is beyond it is not taken: more than a password may have (core/administration/password.ts). */
const limit = 256;

export interface LoginHandlers {
  onOpened(operator: Operator): void;
  /** Name or password is missing. */
  onIncomplete(): void;
  onFailed(error: unknown): void;
}

export class Login extends Observable {
  readonly installation: Installation;
  readonly fields: Readonly<Record<LoginField, TextField>> = {
    userName: new TextField({ limit }),
    password: new TextField({ limit, secret: true }),
  };
  readonly #handlers: LoginHandlers;
  #focus: LoginField = 'userName';
  #checking = false;

  constructor(installation: Installation, handlers: LoginHandlers) {
    super();
    this.installation = installation;
    this.#handlers = handlers;
  }

  get focus(): LoginField {
    return this.#focus;
  }

  get checking(): boolean {
    return this.#checking;
  }

  /** False for a key that does nothing here. */
  key(key: Key): boolean {
    const binding = bindingOf('form', key);
    if (binding === 'next-field' || binding === 'previous-field') this.#move();
    else if (binding === 'submit') this.#submit();
    else if (binding === 'clear-field') this.fields[this.#focus].value = '';
    else if (!this.fields[this.#focus].key(key)) return false;
    this.changed();
    return true;
  }

  #move(): void {
    this.#focus = this.#focus === 'userName' ? 'password' : 'userName';
  }

  #submit(): void {
    const { userName, password } = this.fields;
    if (this.#focus === 'userName') this.#focus = 'password';
    else if (userName.value === '' || password.value === '') {
      if (userName.value === '') this.#focus = 'userName';
      this.#handlers.onIncomplete();
    } else void this.#check(userName.value.trim(), password.value);
  }

  async #check(userName: string, password: string): Promise<void> {
    this.#checking = true;
    try {
      this.#handlers.onOpened(await this.installation.login(userName, password));
    } catch (error) {
      this.#handlers.onFailed(error);
    } finally {
      this.#checking = false;
      this.fields.password.value = '';
      this.changed();
    }
  }
}
