import { exportLeadsCommand, exportSubscribersCommand } from './export.ts';
import {
  changeFormCommand,
  closeFormCommand,
  createFormCommand,
  deleteFormCommand,
  listFormsCommand,
  newAddressCommand,
  openFormCommand,
  showFormCommand,
} from './forms.ts';
import { importSubscribersCommand } from './import-subscribers.ts';
import { issueKeyCommand, listKeysCommand, revokeKeyCommand, verifyKeyCommand } from './keys.ts';
import {
  changeListCommand,
  createListCommand,
  deleteListCommand,
  listListsCommand,
  showListCommand,
} from './lists.ts';
import { migrateCommand } from './migrate-command.ts';
import { dropOutboxCommand, listOutboxCommand, retryOutboxCommand } from './outbox.ts';
import { runCommandLine } from './run-command-line.ts';
import {
  changeSubscriberCommand,
  deleteSubscriberCommand,
  listSubscribersCommand,
  showSubscriberCommand,
  unsubscribeCommand,
} from './subscribers.ts';
import {
  addSuppressionCommand,
  checkSuppressionCommand,
  listSuppressionsCommand,
  removeSuppressionCommand,
} from './suppressions.ts';
import {
  listSubmissionsCommand,
  notSpamCommand,
  showSubmissionCommand,
  spamCommand,
} from './submissions.ts';
import { eraseSubjectCommand, exportSubjectCommand } from './subjects.ts';

// What operators do from the command line: `npm run inlet -- help`.
await runCommandLine(process.argv.slice(2), [
  migrateCommand,
  issueKeyCommand,
  listKeysCommand,
  verifyKeyCommand,
  revokeKeyCommand,
  createFormCommand,
  listFormsCommand,
  showFormCommand,
  changeFormCommand,
  closeFormCommand,
  openFormCommand,
  newAddressCommand,
  deleteFormCommand,
  createListCommand,
  listListsCommand,
  showListCommand,
  changeListCommand,
  deleteListCommand,
  listSubmissionsCommand,
  showSubmissionCommand,
  notSpamCommand,
  spamCommand,
  listSubscribersCommand,
  showSubscriberCommand,
  changeSubscriberCommand,
  unsubscribeCommand,
  deleteSubscriberCommand,
  listSuppressionsCommand,
  addSuppressionCommand,
  removeSuppressionCommand,
  checkSuppressionCommand,
  listOutboxCommand,
  retryOutboxCommand,
  dropOutboxCommand,
  exportLeadsCommand,
  exportSubscribersCommand,
  importSubscribersCommand,
  exportSubjectCommand,
  eraseSubjectCommand,
]);
