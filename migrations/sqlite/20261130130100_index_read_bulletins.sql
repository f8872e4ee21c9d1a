-- Over which days each source was read: from this index alone.
CREATE INDEX bulletins_read ON bulletins (source_code, published_on)
    WHERE stage = 'flagged' AND published_on IS NOT NULL;
