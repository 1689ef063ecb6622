/** Some of the settings; a name that is not there is no change. */
type Some<Settings> = { [Name in keyof Settings]?: Settings[Name] | undefined };

/**
 * What goes between settings as the API names them and the columns that they are kept in. Two values that are the same
 * JSON are no change.
 */
export function mapSettings<Settings extends object, Row extends object>(columns: {
  readonly [Name in keyof Settings]-?: keyof Row;
}) {
  const names = Object.keys(columns) as (keyof Settings)[];

  /** Settings under the names of their columns. */
  function toColumns(settings: Settings): Row;
  function toColumns(settings: Some<Settings>): Partial<Row>;
  function toColumns(settings: Some<Settings>): Partial<Row> {
    const given = names.filter((name) => name in settings);
    return Object.fromEntries(given.map((name) => [columns[name], settings[name]])) as Partial<Row>;
  }

  return {
    toColumns,
    /** The settings of a row under their names in the API. */
    toSettings: (row: Row): Settings =>
      Object.fromEntries(names.map((name) => [name, row[columns[name]]])) as Settings,
    /** Those of some changes that make a difference to a row. */
    changesTo: (row: Row, changes: Some<Settings>): Some<Settings> => {
      const different = names.filter(
        (name) => name in changes && !isEqual(changes[name], row[columns[name]]),
      );
      return Object.fromEntries(different.map((name) => [name, changes[name]])) as Some<Settings>;
    },
  };
}

function isEqual(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
