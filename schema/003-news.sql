-- Articles as they arrived, and what they mean for each security.

CREATE TABLE news_sources (
  source_id     smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name          text NOT NULL UNIQUE,
  tier          smallint NOT NULL DEFAULT 2 CHECK (tier IN (1, 2, 3))
);

-- Append-only. A duplicate keeps its row (who else told it, and when) and names the article that it repeats.
CREATE TABLE news_raw (
  article_id    uuid PRIMARY KEY,
  source_id     smallint NOT NULL REFERENCES news_sources,
  vendor        text NOT NULL,
  external_id   text NOT NULL,
  headline      text NOT NULL,
  summary       text NOT NULL,
  content       text NOT NULL,
  url           text,
  content_hash  text NOT NULL,
  duplicate_of  uuid REFERENCES news_raw,
  published_at  timestamptz NOT NULL,
  first_seen_at timestamptz NOT NULL,
  UNIQUE (vendor, external_id)
);
CREATE INDEX news_raw_seen ON news_raw (first_seen_at);
CREATE INDEX news_raw_hash ON news_raw (content_hash);

CREATE TABLE news_symbols (
  article_id    uuid NOT NULL REFERENCES news_raw,
  security_id   integer NOT NULL REFERENCES securities,
  found_by      text NOT NULL,
  PRIMARY KEY (article_id, security_id)
);
CREATE INDEX news_symbols_by_security ON news_symbols (security_id);

CREATE TABLE news_sentiment (
  article_id        uuid NOT NULL REFERENCES news_raw,
  security_id       integer NOT NULL REFERENCES securities,
  time_id           integer NOT NULL REFERENCES time_dimension,
  sentiment         float8 NOT NULL CHECK (sentiment >= -1 AND sentiment <= 1),
  scored_by         text NOT NULL,
  catalyst_type     text NOT NULL,
  catalyst_strength float8 NOT NULL CHECK (catalyst_strength >= 0 AND catalyst_strength <= 1),
  strength_parts    jsonb NOT NULL DEFAULT '{}',
  first_seen_at     timestamptz NOT NULL,
  PRIMARY KEY (security_id, time_id, article_id)
) PARTITION BY RANGE (time_id);
CREATE INDEX news_sentiment_seen ON news_sentiment (first_seen_at);

CREATE TABLE source_metrics (
  source_id     smallint NOT NULL REFERENCES news_sources,
  catalyst_type text NOT NULL,
  articles      integer NOT NULL DEFAULT 0,
  duplicates    integer NOT NULL DEFAULT 0,
  hits          integer NOT NULL DEFAULT 0,
  misses        integer NOT NULL DEFAULT 0,
  updated_at    timestamptz NOT NULL,
  PRIMARY KEY (source_id, catalyst_type)
);

CREATE TABLE narrative_clusters (
  cluster_id    uuid PRIMARY KEY,
  security_id   integer NOT NULL REFERENCES securities,
  catalyst_type text NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at  timestamptz NOT NULL,
  state         text NOT NULL CHECK (state IN ('live', 'contradicted', 'faded'))
);

CREATE TABLE news_collection_stats (
  collection_id uuid PRIMARY KEY,
  vendor        text NOT NULL,
  collected_to  timestamptz NOT NULL,
  collected     integer NOT NULL,
  stored        integer NOT NULL,
  duplicates    integer NOT NULL,
  refused       integer NOT NULL,
  catalysts     integer NOT NULL,
  error         text,
  ran_at        timestamptz NOT NULL
);
CREATE INDEX news_collection_stats_by_vendor ON news_collection_stats (vendor, collected_to);
