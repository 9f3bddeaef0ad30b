/** A form on keys: fields, what is wrong with them, saving once. */
import { describe, expect, it } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { Form, type FormOptions } from '../../src/screens/form/form.ts';
import { KeyParser } from '../../src/terminal/key-parser.ts';
import { consoleTexts } from '../../src/text/console.ts';

const tab = '\t';
const { leftOut, tooLong, illegible } = consoleTexts.en.entry;

function opened(options: Partial<FormOptions> = {}) {
  const saved: Readonly<Record<string, string>>[] = [];
  const faults: unknown[] = [];
  const form = new Form({
    words: consoleTexts.en.entry,
    fields: [
      { id: 'number', label: 'Number', value: '1024', readOnly: true },
      { id: 'name', label: 'Name', required: true, limit: 10 },
      {
        id: 'amount',
        label: 'Amount',
        check: value => (/^\d+$/.test(value) ? undefined : 'digits'),
      },
      {
        id: 'status',
        label: 'Status',
        choices: [
          { id: '0', label: 'suspended' },
          { id: '1', label: 'some' },
          { id: '2', label: 'all' },
        ],
      },
    ],
    save: async values => void saved.push(values),
    onSaved: () => undefined,
    onFault: error => void faults.push(error),
    ...options,
  });
  const keys = new KeyParser(key => form.key(key));
  const type = async (text: string) => {
    keys.push(Buffer.from(text));
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  };
  const send = (bytes: Uint8Array) => keys.push(bytes);
  return { form, type, send, saved, faults, faultsOf: () => form.fields.map(({ fault }) => fault) };
}

describe('a form', () => {
  it('is filled from top to bottom, and saved by Enter on the last field', async () => {
    const { form, type, saved } = opened();
    expect(form.focused?.options.id).toBe('name');
    await type('Kribi\r250\r \r');
    expect(saved).toEqual([{ number: '1024', name: 'Kribi', amount: '250', status: '1' }]);
    expect(form.isChanged).toBe(false);
  });

  it('is saved by Ctrl-S from any field', async () => {
    const { type, saved } = opened();
    await type('Kribi\x13');
    expect(saved).toHaveLength(1);
  });

  it('tells each field what is wrong with it, and goes to the first', async () => {
    const { form, type, saved, faultsOf } = opened();
    await type(`${tab}12x\x13`);
    expect(saved).toEqual([]);
    expect(faultsOf()).toEqual([undefined, consoleTexts.en.entry.required, 'digits', undefined]);
    expect(form.focused?.options.id).toBe('name');
    await type('K');
    expect(faultsOf()[1]).toBeUndefined();
  });

  it.each([
    ['control characters', 'Yaoundé\x07', leftOut.invisible],
    ['bidirectional controls', 'Yaoun\u202edé', leftOut.invisible],
    ['a second line', 'Yaoundé\nand more', leftOut.lines],
  ])('leaves %s out, and tells so before it saves', async (_what, pasted, told) => {
    const { form, type, saved, faultsOf } = opened();
    await type(`\x1b[200~${pasted}\x1b[201~`);
    expect([form.fields[1]?.value, faultsOf()[1]]).toEqual(['Yaoundé', told]);
    await type('\x13');
    expect([saved, faultsOf()[1]]).toEqual([[], told]);
    await type('\x13');
    expect(saved).toMatchObject([{ name: 'Yaoundé' }]);
  });

  it('keeps what is too long, and saves nothing until it is shorter', async () => {
    const { form, type, saved, faultsOf } = opened();
    await type('Yaoundé II!\x13');
    expect([form.fields[1]?.value, faultsOf()[1]]).toEqual(['Yaoundé II!', tooLong(10)]);
    expect(saved).toEqual([]);
    await type('\x7f\x13');
    expect(saved).toMatchObject([{ name: 'Yaoundé II' }]);
  });

  it('counts letters with their marks as they are composed', async () => {
    const { type, saved } = opened();
    await type(`${'e\u0301'.repeat(10)}\x13`);
    expect(saved).toHaveLength(1);
  });

  it('saves nothing that the terminal has sent as something else than UTF-8', async () => {
    const { form, saved, faultsOf, type, send } = opened();
    send(Buffer.from('Yaound\xe9', 'latin1'));
    await type('\x13');
    expect([form.fields[1]?.value, faultsOf()[1]]).toEqual(['Yaound\ufffd', illegible]);
    expect(saved).toEqual([]);
  });

  it('goes through choices by arrows and by their first letter', async () => {
    const { form, type } = opened();
    await type(tab + tab);
    const status = form.fields[3];
    await type('\x1b[D');
    expect(status?.value).toBe('2');
    await type('s');
    expect(status?.value).toBe('0');
    await type('s');
    expect(status?.value).toBe('1');
  });

  it('saves once, however often it is told to while it does', async () => {
    const gate = Promise.withResolvers<void>();
    let times = 0;
    const { form, type } = opened({
      save: () => {
        times++;
        return gate.promise;
      },
    });
    await type('Kribi\x13\x13\x13x');
    expect([times, form.isSaving, form.fields[1]?.value]).toEqual([1, true, 'Kribi']);
    gate.resolve();
    await type('');
    expect(form.isSaving).toBe(false);
  });

  it('keeps what was typed when it cannot be saved', async () => {
    const { form, type, faults } = opened({
      save: () => Promise.reject(new XmError('database-unreachable', { host: 'db1', detail: 'gone' })),
    });
    await type('Kribi\x13');
    expect(faults).toHaveLength(1);
    expect([form.fields[1]?.value, form.isChanged]).toEqual(['Kribi', true]);
  });

  it('shows an error at the field that it is about', async () => {
    const { type, faults, faultsOf } = opened({
      save: () => Promise.reject(new XmError('client-unknown', { client: 7 })),
      blame: ({ code }) => (code === 'client-unknown' ? { field: 'name', words: 'taken' } : undefined),
    });
    await type('Kribi\x13');
    expect(faults).toEqual([]);
    expect(faultsOf()[1]).toBe('taken');
  });

  it('asks before it saves what cannot be taken back, and saves nothing until told to', async () => {
    const answers = [false, true];
    const { type, saved } = opened({ confirm: async () => answers.shift() ?? false });
    await type('Kribi\x13');
    expect(saved).toEqual([]);
    await type('\x13');
    expect(saved).toHaveLength(1);
  });

  it('puts pasted lines into the fields below, and what is left into the last', async () => {
    const line = (id: string, flows: boolean) => ({ id, label: id, flows });
    const { form, type } = opened({ fields: [line('a', true), line('b', true), line('c', false)] });
    await type('\x1b[200~one\r\n\nthree\nfour\x1b[201~');
    expect(form.fields.map(({ value }) => value)).toEqual(['one', '', 'three four']);
    expect(form.focused?.options.id).toBe('c');
  });
});
