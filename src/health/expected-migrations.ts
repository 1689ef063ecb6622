import journal from '../../migrations/meta/_journal.json' with { type: 'json' };

/** The migrations that this build was made with. */
export const expectedMigrations: string[] = journal.entries.map((entry) => entry.tag);
