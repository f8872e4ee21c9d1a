-- Rows of every table, in words that both databases understand. The names are invented.
INSERT INTO passes (source_code, kind, started_at, finished_at, status, requests, found, new, error) VALUES
    ('34', 'full', '2026-09-01T02:00:00+00:00', '2026-09-01T02:05:00+00:00', 'ok', 12, 2, 2, NULL),
    ('34', 'daily', '2026-09-02T02:00:00+00:00', '2026-09-02T02:01:00+00:00', 'failed', 1, 0, 0,
     'https://www.herault.gouv.fr/raa : le serveur répond 500');
INSERT INTO documents (sha256, size_bytes, page_count, ocr_pages, status, note, first_seen_at, reader_version, cut_short)
VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 9000, 2, 1, 'read', NULL,
     '2026-09-01T02:06:00+00:00', '1.1.1', FALSE);
INSERT INTO bulletins (source_code, url, title, number, published_on, via, first_seen_at, last_seen_at, stage, stage_at,
    attempts, last_error, failed_at, document_sha256, page_count, outside_pages, rules_version, recheck_at, listed_at,
    indexed_at, awaited, ocr_rank) VALUES
    ('34', 'https://www.herault.gouv.fr/raa-1.pdf', 'Recueil n° 1', '1', '2026-08-31', '/raa',
     '2026-09-01T02:01:00+00:00', '2026-09-01T02:01:00+00:00', 'flagged', '2026-09-01T02:10:00+00:00', 0, NULL, NULL,
     'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 2, '[1]', 'rules-1',
     '2026-09-02T02:10:00+00:00', '2026-09-01T02:01:00+00:00', NULL, FALSE, 0),
    ('34', 'https://www.herault.gouv.fr/raa-2.pdf', 'Recueil n° 2', '2', '2026-09-01', '/raa',
     '2026-09-01T02:01:00+00:00', '2026-09-01T02:01:00+00:00', 'found', '2026-09-01T02:01:00+00:00', 6,
     'introuvable (404) : https://www.herault.gouv.fr/raa-2.pdf', '2026-09-03T02:10:00+00:00', NULL, NULL, '[]', NULL,
     NULL, '2026-09-01T02:01:00+00:00', '2026-09-02T02:01:00+00:00', FALSE, 0);
INSERT INTO fetches (bulletin_id, document_sha256, first_fetched_at, last_fetched_at, final_url, http_status, etag)
VALUES (1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '2026-09-01T02:06:00+00:00',
    '2026-09-01T02:06:00+00:00', 'https://www.herault.gouv.fr/raa-1.pdf', 200, '"v1"');
INSERT INTO pages (document_sha256, number, method, confidence, text, duration_ms, text_version, judge_version,
    ocr_version, ocr_reason) VALUES
    ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1, 'text', 1.0, 'Sommaire', 3, 1, 1, NULL, NULL),
    ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 2, 'ocr', 0.9,
     'Arrêté n° 7 autorisant la captation d''images par drone', 900, NULL, 1, 1, 'scan');
INSERT INTO recognised_pages (document_sha256, number, method, confidence, text, duration_ms, judge_version, ocr_version,
    ocr_reason)
VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 2, 'ocr', 0.9, 'Arrêté', 900, 1, 1, 'scan');
INSERT INTO ocr_days (day_on, pages) VALUES ('2026-09-01', 1);
INSERT INTO acts (bulletin_id, source_code, document_sha256, act_key, position, number, title, title_raw, page_from,
    page_to, confidence, segments, facts, published_on, flagged, content_sha256, first_seen_at, updated_at, revision,
    announced, announced_at, alert, sameness) VALUES
    (1, '34', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'n:7', 0, '7',
     'Captation d''images par drone', 'Captation d''images par drone', 2, 2, 0.9, '[[2, 0, 54]]', '{}', '2026-08-31',
     TRUE, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '2026-09-01T02:10:00+00:00',
     '2026-09-01T02:10:00+00:00', 1, NULL, NULL, NULL, '7'),
    (1, '34', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'n:8', 1, '8', 'Ouverture de la chasse',
     'Ouverture de la chasse', 2, 2, 0.9, '[[2, 0, 6]]', '{}', '2026-08-31', FALSE,
     'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', '2026-09-01T02:10:00+00:00',
     '2026-09-01T02:10:00+00:00', 2, NULL, NULL, NULL, NULL);
INSERT INTO flags (act_id, position, category, level, rule, to_check, basis, evidence, created_at, rules_version)
VALUES (1, 0, 'drone', 'authorises', 'drone/captation', FALSE, 'body', '[]', '2026-09-01T02:10:00+00:00', 'rules-1');
INSERT INTO act_communes (act_id, insee, name) VALUES (1, '34172', 'Montpellier');
INSERT INTO act_keys (act_id, source_code, act_key) VALUES (1, '34', 'n:7');
INSERT INTO act_references (act_id, source_code, act_key) VALUES (1, '34', 'n:3');
INSERT INTO newest_lists (source_code, role, url, etag, looked_at, failing_since, error)
VALUES ('34', 'list', 'https://www.herault.gouv.fr/raa', '"l1"', '2026-09-03T08:00:00+00:00',
    '2026-09-03T07:00:00+00:00', 'pas de réponse à temps : https://www.herault.gouv.fr/raa');
INSERT INTO masks (act_id, passage, reason, keeps_pdf, created_at)
VALUES (2, 'Jeanne Exemple', 'demande', TRUE, '2026-09-02T09:00:00+00:00');
INSERT INTO subscriptions (channel, target, query, frequency, token, created_at, confirmed_at, told_revision, next_due_at)
VALUES ('mail', 'veille@asso.example', 'categorie=drone', 'daily', 't0', '2026-09-01T09:00:00+00:00',
    '2026-09-01T09:05:00+00:00', 1, '2026-09-04T06:00:00+00:00');
INSERT INTO told_acts (subscription_id, act_id, what, told_at) VALUES (1, 1, 'new', '2026-09-02T06:00:00+00:00');
INSERT INTO messages (subscription_id, channel, kind, dedupe_key, payload, state, attempts, next_due_at, created_at)
VALUES (1, 'mail', 'acts', 'k1', '{}', 'sent', 1, '2026-09-02T06:00:00+00:00', '2026-09-02T06:00:00+00:00');
