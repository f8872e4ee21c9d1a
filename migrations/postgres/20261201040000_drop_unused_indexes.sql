-- Readers ask the search index which acts there are: nobody asks the database any more by day of publication,
-- by end or by commune, and each of these was written with every act.
DROP INDEX acts_flagged_by_publication;
DROP INDEX acts_flagged_by_end;
DROP INDEX act_communes_by_commune;
