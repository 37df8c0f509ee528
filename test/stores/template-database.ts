/** The name of the migrated database that every test's database is copied from. */
export const TEMPLATE_DATABASE = 'lensai_template'
