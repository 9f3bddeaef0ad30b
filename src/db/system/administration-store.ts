/** XMServerSystem as the rules of administration use it: outside a transaction to read, inside one to change. */
import type { AdministrationStore, Records } from '../../core/administration/ports.ts';
import type { Database, Queryable } from '../database.ts';
import { insertBroker, listBrokers, removeBroker, selectBrokerOf, updateBroker } from './broker.ts';
import {
  clientOfReference,
  clientPage,
  clientSheet,
  countClients,
  insertClient,
  lockClient,
  readExchange,
  resetClientPassword,
  updateClient,
  writeExchange,
} from './client.ts';
import { journalPage } from './journal.ts';
import { forgetFailures } from './login.ts';
import { brokenJournalRow, writeJournal } from './operator.ts';
import {
  insertOperator,
  operatorSheet,
  operatorSheets,
  passwordHashOf,
  privilegeOf,
  setOperatorPassword,
  updateOperator,
} from './operator-sheet.ts';
import { queueMessage } from './outgoing-message.ts';
import { lockReceived, markRead, receivedMessages, receivedPage } from './received-message.ts';
import { readRights, writeRights } from './right.ts';
import { lockMovements, storedSettings, writeSetting } from './setting.ts';
import {
  insertSignatory,
  knowsCertificate,
  overlappingSignatory,
  readSignatory,
  signatoryPage,
  updateSignatory,
} from './signatory.ts';

export function createAdministrationStore(database: Database): AdministrationStore {
  return {
    ...recordsOf(database),
    transaction: work => database.transaction(connection => work(recordsOf(connection))),
  };
}

/** For acts of administration that are part of a transaction which is under way. */
export function administrationStoreWithin(connection: Queryable): AdministrationStore {
  const records = recordsOf(connection);
  return { ...records, transaction: work => work(records) };
}

function recordsOf(database: Queryable): Records {
  return {
    async takeTurn(name) {
      await database.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`xms_turn_${name}`]);
    },

    clientPage: query => clientPage(database, query),
    countClients: filter => countClients(database, filter),
    clientSheet: matricule => clientSheet(database, matricule),
    lockClient: matricule => lockClient(database, matricule),
    insertClient: (profile, hash, matricule, reference) =>
      insertClient(database, profile, hash, matricule, reference),
    clientOf: reference => clientOfReference(database, reference),
    updateClient: (matricule, profile) => updateClient(database, matricule, profile),
    resetClientPassword: (matricule, hash) => resetClientPassword(database, matricule, hash),
    exchange: matricule => readExchange(database, matricule),
    writeExchange: (matricule, exchange) => writeExchange(database, matricule, exchange),
    rights: matricule => readRights(database, matricule),
    writeRights: (matricule, rights) => writeRights(database, matricule, rights),
    queueMessage: message => queueMessage(database, message),
    receivedMessages: query => receivedMessages(database, query),
    receivedPage: query => receivedPage(database, query),
    lockReceived: id => lockReceived(database, id),
    markRead: id => markRead(database, id),

    operators: () => operatorSheets(database),
    operator: userName => operatorSheet(database, userName),
    lockOperator: userName => operatorSheet(database, userName, true),
    privilegeOf: id => privilegeOf(database, id),
    passwordHash: id => passwordHashOf(database, id),
    insertOperator: (entry, hash) => insertOperator(database, entry, hash),
    updateOperator: (id, entry) => updateOperator(database, id, entry),
    setOperatorPassword: (id, hash) => setOperatorPassword(database, id, hash),
    forgetFailures: userName => forgetFailures(database, userName),

    signatoryPage: query => signatoryPage(database, query),
    signatory: id => readSignatory(database, id),
    lockSignatory: id => readSignatory(database, id, true),
    overlapping: (entry, except) => overlappingSignatory(database, entry, except),
    knowsCertificate: key => knowsCertificate(database, key),
    insertSignatory: entry => insertSignatory(database, entry),
    updateSignatory: (id, entry) => updateSignatory(database, id, entry),

    settings: () => storedSettings(database),
    writeSetting: (name, value) => writeSetting(database, name, value),
    lockMovements: () => lockMovements(database),

    brokers: () => listBrokers(database),
    insertBroker: entry => insertBroker(database, entry),
    updateBroker: (id, changes) => updateBroker(database, id, changes),
    selectBroker: id => selectBrokerOf(database, id),
    removeBroker: id => removeBroker(database, id),

    journalPage: query => journalPage(database, query),
    async brokenJournalRow() {
      const row = await brokenJournalRow(database);
      return row === undefined ? undefined : Number(row);
    },
    writeJournal: (act, detail, operator) => writeJournal(database, act, detail, operator),
  };
}
