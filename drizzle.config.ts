import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: './drizzle',
  out: './migrations',
  casing: 'snake_case',
});
