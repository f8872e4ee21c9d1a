-- Like every other number: a database that moves here brings numbers of 64 bits.
ALTER TABLE hidden_words ALTER COLUMN page TYPE BIGINT, ALTER COLUMN words TYPE BIGINT;
