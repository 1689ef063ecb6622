-- What `q` searches. An external-content index: it holds words, the rows stay in leads.
CREATE VIRTUAL TABLE leads_search USING fts5(
  full_name, company_name, email, notes,
  content = 'leads', content_rowid = 'seq',
  tokenize = 'unicode61 remove_diacritics 2'
);
--> statement-breakpoint
CREATE TRIGGER leads_search_insert AFTER INSERT ON leads BEGIN
  INSERT INTO leads_search (rowid, full_name, company_name, email, notes)
  VALUES (new.seq, new.full_name, new.company_name, new.email, new.notes);
END;
--> statement-breakpoint
CREATE TRIGGER leads_search_delete AFTER DELETE ON leads BEGIN
  INSERT INTO leads_search (leads_search, rowid, full_name, company_name, email, notes)
  VALUES ('delete', old.seq, old.full_name, old.company_name, old.email, old.notes);
END;
--> statement-breakpoint
CREATE TRIGGER leads_search_update AFTER UPDATE OF full_name, company_name, email, notes ON leads BEGIN
  INSERT INTO leads_search (leads_search, rowid, full_name, company_name, email, notes)
  VALUES ('delete', old.seq, old.full_name, old.company_name, old.email, old.notes);
  INSERT INTO leads_search (rowid, full_name, company_name, email, notes)
  VALUES (new.seq, new.full_name, new.company_name, new.email, new.notes);
END;
