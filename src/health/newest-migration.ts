import journal from '../../migrations/meta/_journal.json' with { type: 'json' };

/** The migration that this build was made with, such as `0002_first_list`. Names sort by age. */
export const newestMigration: string = journal.entries.at(-1)?.tag ?? '';
