/** Who acts at the command line, as the audit log and the ledger have it. */
export const operator = { actor: 'cli', requestId: null };
