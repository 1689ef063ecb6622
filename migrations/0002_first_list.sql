-- The list that a sign-up joins when it names none.
INSERT INTO lists (id, name, created_at) VALUES ('list_newsletter', 'Newsletter', 0);
