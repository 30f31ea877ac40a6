-- The schema that the migrations leave behind, for reading and for review.
-- This file is generated: change drizzle/schema, write a migration with `npx drizzle-kit generate`,
-- then run `npm run generate`.

CREATE SEQUENCE audit_log_id_seq AS bigint START 1 INCREMENT 1;

CREATE SEQUENCE conversation_messages_id_seq AS bigint START 1 INCREMENT 1;

CREATE SEQUENCE conversation_turns_id_seq AS bigint START 1 INCREMENT 1;

CREATE SEQUENCE events_id_seq AS bigint START 1 INCREMENT 1;

CREATE SEQUENCE notices_id_seq AS bigint START 1 INCREMENT 1;

CREATE SEQUENCE quota_transfers_id_seq AS bigint START 1 INCREMENT 1;

CREATE SEQUENCE trend_snapshots_id_seq AS bigint START 1 INCREMENT 1;

CREATE TABLE access_tokens (
  id text NOT NULL,
  account_id text NOT NULL,
  name text NOT NULL,
  hash text NOT NULL,
  scopes jsonb NOT NULL,
  resource text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone
);

CREATE TABLE account_links (
  id text NOT NULL,
  from_account text NOT NULL,
  to_account text,
  status text NOT NULL,
  stays_account text,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  decided_at timestamp with time zone
);

CREATE TABLE accounts (
  id text NOT NULL,
  display_name text NOT NULL,
  locale text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  locale_chosen boolean DEFAULT false NOT NULL,
  time_zone text DEFAULT 'UTC'::text NOT NULL,
  notices boolean DEFAULT true NOT NULL,
  welcomed_at timestamp with time zone,
  leash_units integer DEFAULT 0 NOT NULL,
  daily_cap_units integer,
  purpose text,
  deleted_at timestamp with time zone,
  merged_into text
);

CREATE TABLE agent_usage (
  account_id text NOT NULL,
  day text NOT NULL,
  steps integer NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL
);

CREATE TABLE approval_cards (
  approval_id text NOT NULL,
  account_id text NOT NULL,
  user_id text NOT NULL,
  server_id text,
  channel_id text NOT NULL,
  conversation_id text,
  upload_limit integer NOT NULL,
  created_at timestamp with time zone NOT NULL
);

CREATE TABLE approvals (
  id text NOT NULL,
  account_id text NOT NULL,
  approver_id text NOT NULL,
  operation text NOT NULL,
  input_hash text NOT NULL,
  input jsonb NOT NULL,
  preview jsonb NOT NULL,
  surface text NOT NULL,
  status text NOT NULL,
  choices jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  decided_at timestamp with time zone,
  decided_on text,
  used_at timestamp with time zone
);

CREATE TABLE audit_log (
  id bigint DEFAULT nextval('audit_log_id_seq'::regclass) NOT NULL,
  at timestamp with time zone NOT NULL,
  account_id text NOT NULL,
  surface text NOT NULL,
  operation text NOT NULL,
  effect text NOT NULL,
  input_hash text NOT NULL,
  approval_id text,
  outcome text NOT NULL,
  reference text
);

CREATE TABLE channels (
  id text NOT NULL,
  account_id text NOT NULL,
  host_channel_id text NOT NULL,
  title text NOT NULL,
  handle text,
  status text NOT NULL,
  scopes jsonb NOT NULL,
  access_token_sealed text,
  refresh_token_sealed text,
  access_expires_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL
);

CREATE TABLE checkouts (
  id text NOT NULL,
  account_id text NOT NULL,
  kind text NOT NULL,
  product text NOT NULL,
  session_id text,
  url text,
  status text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL
);

CREATE TABLE compensations (
  root_video_id text NOT NULL,
  account_id text NOT NULL,
  status text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  changed_at timestamp with time zone NOT NULL
);

CREATE TABLE conversation_messages (
  id bigint DEFAULT nextval('conversation_messages_id_seq'::regclass) NOT NULL,
  conversation_id text NOT NULL,
  turn_id bigint NOT NULL,
  message jsonb NOT NULL,
  tokens integer NOT NULL,
  created_at timestamp with time zone NOT NULL
);

CREATE TABLE conversation_turns (
  id bigint DEFAULT nextval('conversation_turns_id_seq'::regclass) NOT NULL,
  conversation_id text NOT NULL,
  key text NOT NULL,
  kind text NOT NULL,
  text text NOT NULL,
  reply_to jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  answered_at timestamp with time zone
);

CREATE TABLE conversations (
  id text NOT NULL,
  account_id text NOT NULL,
  surface text NOT NULL,
  place text NOT NULL,
  server_id text,
  summary text NOT NULL,
  summarised_through bigint NOT NULL,
  created_at timestamp with time zone NOT NULL
);

CREATE TABLE customers (
  account_id text NOT NULL,
  customer_id text,
  created_at timestamp with time zone NOT NULL
);

CREATE TABLE drafts (
  id text NOT NULL,
  account_id text NOT NULL,
  server_id text,
  topic text NOT NULL,
  fields jsonb NOT NULL,
  changed_at timestamp with time zone NOT NULL
);

CREATE TABLE events (
  id bigint DEFAULT nextval('events_id_seq'::regclass) NOT NULL,
  at timestamp with time zone NOT NULL,
  subject_id text NOT NULL,
  kind text NOT NULL,
  data jsonb NOT NULL
);

CREATE TABLE former_identities (
  hash text NOT NULL,
  deleted_at timestamp with time zone NOT NULL
);

CREATE TABLE host_allowances (
  day text NOT NULL,
  bucket text NOT NULL,
  used integer NOT NULL
);

CREATE TABLE identities (
  provider text NOT NULL,
  subject text NOT NULL,
  account_id text NOT NULL,
  created_at timestamp with time zone NOT NULL
);

CREATE TABLE inbox (
  source text NOT NULL,
  event_id text NOT NULL,
  received_at timestamp with time zone NOT NULL,
  attempt_id text NOT NULL,
  payload jsonb NOT NULL
);

CREATE TABLE login_methods (
  id text NOT NULL,
  subject text NOT NULL,
  provider text NOT NULL,
  login_id text NOT NULL,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  password text,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL
);

CREATE TABLE login_proofs (
  id text NOT NULL,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL
);

CREATE TABLE login_sessions (
  id text NOT NULL,
  token text NOT NULL,
  login_id text NOT NULL,
  ip_address text,
  user_agent text,
  expires_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL
);

CREATE TABLE logins (
  id text NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  email_verified boolean DEFAULT false NOT NULL,
  image text,
  locale text DEFAULT 'en'::text NOT NULL,
  purpose text,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL
);

CREATE TABLE notices (
  id bigint DEFAULT nextval('notices_id_seq'::regclass) NOT NULL,
  account_id text NOT NULL,
  kind text NOT NULL,
  subject_id text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  delivered_at timestamp with time zone
);

CREATE TABLE oauth_access_tokens (
  id text NOT NULL,
  token text NOT NULL,
  client_id text NOT NULL,
  session_id text,
  login_id text,
  reference_id text,
  authorization_code_id text,
  resources text[],
  requested_user_info_claims text[],
  refresh_id text,
  expires_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  revoked timestamp with time zone,
  confirmation jsonb,
  scopes text[] NOT NULL
);

CREATE TABLE oauth_client_assertions (
  id text NOT NULL,
  expires_at timestamp with time zone NOT NULL
);

CREATE TABLE oauth_client_resources (
  id text NOT NULL,
  client_id text NOT NULL,
  resource_id text NOT NULL,
  metadata jsonb,
  created_at timestamp with time zone
);

CREATE TABLE oauth_clients (
  id text NOT NULL,
  client_id text NOT NULL,
  client_secret text,
  client_discovery_id text,
  disabled boolean DEFAULT false,
  skip_consent boolean,
  enable_end_session boolean,
  subject_type text,
  scopes text[],
  client_credentials_scopes text[],
  login_id text,
  name text,
  uri text,
  icon text,
  contacts text[],
  tos text,
  policy text,
  software_id text,
  software_version text,
  software_statement text,
  redirect_uris text[] NOT NULL,
  post_logout_redirect_uris text[],
  backchannel_logout_uri text,
  backchannel_logout_session_required boolean,
  token_endpoint_auth_method text,
  application_type text,
  jwks text,
  jwks_uri text,
  grant_types text[],
  response_types text[],
  require_pkce boolean,
  dpop_bound_access_tokens boolean DEFAULT false,
  reference_id text,
  metadata jsonb,
  created_at timestamp with time zone,
  updated_at timestamp with time zone
);

CREATE TABLE oauth_consents (
  id text NOT NULL,
  client_id text NOT NULL,
  login_id text,
  reference_id text,
  resources text[],
  requested_user_info_claims text[],
  scopes text[] NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL
);

CREATE TABLE oauth_refresh_tokens (
  id text NOT NULL,
  token text NOT NULL,
  client_id text NOT NULL,
  session_id text,
  login_id text NOT NULL,
  reference_id text,
  authorization_code_id text,
  resources text[],
  requested_user_info_claims text[],
  expires_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  revoked timestamp with time zone,
  rotated_at timestamp with time zone,
  rotation_replay_response text,
  rotation_replay_expires_at timestamp with time zone,
  auth_time timestamp with time zone,
  confirmation jsonb,
  scopes text[] NOT NULL
);

CREATE TABLE oauth_resources (
  id text NOT NULL,
  identifier text NOT NULL,
  name text NOT NULL,
  access_token_ttl integer,
  refresh_token_ttl integer,
  signing_algorithm text,
  signing_key_id text,
  allowed_scopes text[],
  custom_claims jsonb,
  dpop_bound_access_tokens_required boolean DEFAULT false,
  disabled boolean DEFAULT false,
  policy_version integer DEFAULT 1,
  metadata jsonb,
  created_at timestamp with time zone,
  updated_at timestamp with time zone
);

CREATE TABLE oauth_states (
  state_hash text NOT NULL,
  account_id text NOT NULL,
  code_verifier_sealed text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  access text DEFAULT 'upload'::text NOT NULL,
  browser_hash text
);

CREATE TABLE payment_notices (
  id text NOT NULL,
  type text NOT NULL,
  subject_kind text,
  subject_id text,
  created_at timestamp with time zone NOT NULL,
  received_at timestamp with time zone NOT NULL,
  source text NOT NULL,
  handled_at timestamp with time zone
);

CREATE TABLE pictures (
  id text NOT NULL,
  account_id text NOT NULL,
  server_id text,
  file_key text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  created_at timestamp with time zone NOT NULL
);

CREATE TABLE progress_messages (
  subject_id text NOT NULL,
  account_id text NOT NULL,
  user_id text NOT NULL,
  server_id text,
  channel_id text NOT NULL,
  message_id text,
  conversation_id text,
  upload_limit integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone
);

CREATE TABLE prompt_checks (
  hash text NOT NULL,
  verdict jsonb NOT NULL,
  checked_at timestamp with time zone NOT NULL
);

CREATE TABLE publication_counts (
  publication_id text NOT NULL,
  read_at timestamp with time zone NOT NULL,
  views bigint,
  likes bigint,
  comments bigint
);

CREATE TABLE publications (
  id text NOT NULL,
  account_id text NOT NULL,
  video_id text NOT NULL,
  channel_id text NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  tags jsonb NOT NULL,
  category_id text NOT NULL,
  privacy text NOT NULL,
  publish_at timestamp with time zone,
  made_for_kids boolean NOT NULL,
  notify_subscribers boolean NOT NULL,
  status text NOT NULL,
  failure text,
  failure_reason text,
  session_sealed text,
  last_chunk_sent boolean NOT NULL,
  uploaded_bytes bigint NOT NULL,
  total_bytes bigint NOT NULL,
  host_video_id text,
  host_privacy text,
  created_at timestamp with time zone NOT NULL,
  live_at timestamp with time zone,
  server_id text,
  approval_id text,
  thumbnail text DEFAULT 'automatic'::text NOT NULL,
  picture_id text,
  thumbnail_status text DEFAULT 'none'::text NOT NULL,
  thumbnail_failure text,
  playlist text,
  playlist_status text DEFAULT 'none'::text NOT NULL,
  playlist_failure text,
  captions_status text DEFAULT 'none'::text NOT NULL,
  captions_failure text,
  waiting_for text,
  waiting_until timestamp with time zone,
  told_at timestamp with time zone
);

CREATE TABLE purchases (
  id text NOT NULL,
  account_id text NOT NULL,
  wallet_id text NOT NULL,
  kind text NOT NULL,
  product text NOT NULL,
  subscription_id text,
  payment_id text,
  units integer NOT NULL,
  taken_back integer DEFAULT 0 NOT NULL,
  missing integer DEFAULT 0 NOT NULL,
  adjustments integer DEFAULT 0 NOT NULL,
  amount bigint NOT NULL,
  currency text NOT NULL,
  period_start timestamp with time zone,
  period_end timestamp with time zone,
  paid_at timestamp with time zone NOT NULL
);

CREATE TABLE quota_holds (
  reference text NOT NULL,
  account_id text NOT NULL,
  amount integer NOT NULL,
  status text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  settled_at timestamp with time zone,
  wallet_id text NOT NULL,
  lasting integer DEFAULT 0 NOT NULL
);

CREATE TABLE quota_transfers (
  id bigint DEFAULT nextval('quota_transfers_id_seq'::regclass) NOT NULL,
  at timestamp with time zone NOT NULL,
  wallet_id text NOT NULL,
  verb text NOT NULL,
  debit text NOT NULL,
  credit text NOT NULL,
  amount integer NOT NULL,
  reference text NOT NULL,
  key text NOT NULL,
  request_hash text NOT NULL,
  lasting integer DEFAULT 0 NOT NULL
);

CREATE TABLE quotes (
  id text NOT NULL,
  account_id text NOT NULL,
  prompt text NOT NULL,
  model text NOT NULL,
  seconds integer NOT NULL,
  shape text NOT NULL,
  shots jsonb NOT NULL,
  quota integer NOT NULL,
  estimated_usd double precision,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  options jsonb DEFAULT '{}'::jsonb NOT NULL,
  planned_by text DEFAULT 'rules'::text NOT NULL,
  expected_minutes double precision,
  wish_hash text DEFAULT ''::text NOT NULL
);

CREATE TABLE rate_limits (
  key text NOT NULL,
  points integer NOT NULL,
  expire timestamp with time zone
);

CREATE TABLE saved_trends (
  account_id text NOT NULL,
  trend_id text NOT NULL,
  server_id text,
  created_at timestamp with time zone NOT NULL
);

CREATE TABLE servers (
  id text NOT NULL,
  channels jsonb NOT NULL,
  roles jsonb NOT NULL,
  locale text,
  visibility text NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  changed_by text NOT NULL,
  pays text DEFAULT 'person'::text NOT NULL,
  role_limits jsonb DEFAULT '{}'::jsonb NOT NULL,
  ledger_channel text,
  ledger_told bigint DEFAULT 0 NOT NULL
);

CREATE TABLE shot_attempts (
  id text NOT NULL,
  shot_id text NOT NULL,
  number integer NOT NULL,
  status text NOT NULL,
  request_id text,
  status_url text,
  response_url text,
  cancel_url text,
  created_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  provider text DEFAULT 'fal'::text NOT NULL
);

CREATE TABLE shots (
  id text NOT NULL,
  video_id text NOT NULL,
  "position" integer NOT NULL,
  clip_seconds double precision NOT NULL,
  prompt text NOT NULL,
  status text NOT NULL,
  file_key text,
  bytes bigint,
  kind text DEFAULT 'clip'::text NOT NULL,
  keep_seconds double precision,
  caption text,
  not_before timestamp with time zone,
  sha256 text,
  waiting_for text
);

CREATE TABLE subscriptions (
  id text NOT NULL,
  account_id text NOT NULL,
  plan text,
  price_id text NOT NULL,
  status text NOT NULL,
  period_start timestamp with time zone NOT NULL,
  period_end timestamp with time zone NOT NULL,
  ends_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  read_at timestamp with time zone NOT NULL
);

CREATE TABLE trend_forecasts (
  id text NOT NULL,
  account_id text NOT NULL,
  publication_id text NOT NULL,
  trend_id text,
  score double precision NOT NULL,
  made_at timestamp with time zone NOT NULL,
  due_at timestamp with time zone NOT NULL,
  views bigint,
  graded_at timestamp with time zone,
  tries integer DEFAULT 0 NOT NULL
);

CREATE TABLE trend_harvest_items (
  harvest_id text NOT NULL,
  trend_id text NOT NULL
);

CREATE TABLE trend_harvests (
  id text NOT NULL,
  purpose text NOT NULL,
  platform text NOT NULL,
  query text NOT NULL,
  request jsonb NOT NULL,
  max_items integer NOT NULL,
  max_cost_usd double precision NOT NULL,
  status text NOT NULL,
  run_id text,
  skipped jsonb NOT NULL,
  fault jsonb,
  cost_usd double precision,
  leased_until timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone
);

CREATE TABLE trend_results (
  search_id text NOT NULL,
  trend_id text NOT NULL,
  "position" integer NOT NULL,
  score jsonb NOT NULL
);

CREATE TABLE trend_search_harvests (
  search_id text NOT NULL,
  harvest_id text NOT NULL,
  is_starter boolean NOT NULL
);

CREATE TABLE trend_searches (
  id text NOT NULL,
  account_id text NOT NULL,
  keyword text NOT NULL,
  request jsonb NOT NULL,
  skipped jsonb NOT NULL,
  notes jsonb NOT NULL,
  cost_usd double precision,
  created_at timestamp with time zone NOT NULL,
  server_id text,
  status text DEFAULT 'ready'::text NOT NULL,
  seen_at timestamp with time zone
);

CREATE TABLE trend_snapshots (
  id bigint DEFAULT nextval('trend_snapshots_id_seq'::regclass) NOT NULL,
  trend_id text NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  views bigint,
  likes bigint,
  comments bigint,
  shares bigint
);

CREATE TABLE trends (
  id text NOT NULL,
  platform text NOT NULL,
  external_id text NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  url text NOT NULL,
  channel text,
  channel_followers bigint,
  views bigint,
  likes bigint,
  comments bigint,
  shares bigint,
  duration_seconds double precision,
  published_at timestamp with time zone,
  thumbnail_url text,
  hashtags jsonb NOT NULL,
  analysis jsonb,
  seen_at timestamp with time zone NOT NULL,
  thumbnail_key text,
  thumbnail_tries integer DEFAULT 0 NOT NULL
);

CREATE TABLE videos (
  id text NOT NULL,
  account_id text NOT NULL,
  quote_id text NOT NULL,
  root_id text NOT NULL,
  prompt text NOT NULL,
  model text NOT NULL,
  seconds integer NOT NULL,
  shape text NOT NULL,
  quota integer NOT NULL,
  status text NOT NULL,
  failure text,
  file_key text,
  bytes bigint,
  sha256 text,
  duration_seconds double precision,
  width integer,
  height integer,
  created_at timestamp with time zone NOT NULL,
  ready_at timestamp with time zone,
  server_id text,
  approval_id text,
  deleted_at timestamp with time zone,
  poster_key text,
  options jsonb DEFAULT '{}'::jsonb NOT NULL,
  batch_id text DEFAULT ''::text NOT NULL,
  take integer DEFAULT 1 NOT NULL,
  assembled_percent integer DEFAULT 0 NOT NULL,
  waiting_for text,
  share_epoch integer DEFAULT 0 NOT NULL
);

CREATE TABLE waiting_actions (
  account_id text NOT NULL,
  id text NOT NULL,
  operation text NOT NULL,
  input jsonb NOT NULL,
  surface text NOT NULL,
  server_id text,
  needed integer NOT NULL,
  approval_id text,
  created_at timestamp with time zone NOT NULL
);

CREATE TABLE wallets (
  id text NOT NULL,
  granted integer NOT NULL,
  available integer NOT NULL,
  held integer NOT NULL,
  spent integer NOT NULL,
  expired integer NOT NULL,
  account_id text,
  server_id text,
  lasting integer DEFAULT 0 NOT NULL,
  returned integer DEFAULT 0 NOT NULL,
  given integer DEFAULT 0 NOT NULL,
  period_start timestamp with time zone,
  period_end timestamp with time zone,
  merged_into text
);

CREATE TABLE watch_finds (
  id text NOT NULL,
  watch_id text NOT NULL,
  trend_id text NOT NULL,
  search_id text NOT NULL,
  score double precision NOT NULL,
  found_at timestamp with time zone NOT NULL
);

CREATE TABLE watches (
  id text NOT NULL,
  account_id text NOT NULL,
  server_id text,
  keyword text NOT NULL,
  platforms jsonb NOT NULL,
  min_score integer NOT NULL,
  every_hours integer NOT NULL,
  daily_usd double precision NOT NULL,
  status text NOT NULL,
  failures integer DEFAULT 0 NOT NULL,
  last_at timestamp with time zone,
  next_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL
);

ALTER SEQUENCE audit_log_id_seq OWNED BY audit_log.id;

ALTER SEQUENCE conversation_messages_id_seq OWNED BY conversation_messages.id;

ALTER SEQUENCE conversation_turns_id_seq OWNED BY conversation_turns.id;

ALTER SEQUENCE events_id_seq OWNED BY events.id;

ALTER SEQUENCE notices_id_seq OWNED BY notices.id;

ALTER SEQUENCE quota_transfers_id_seq OWNED BY quota_transfers.id;

ALTER SEQUENCE trend_snapshots_id_seq OWNED BY trend_snapshots.id;

ALTER TABLE access_tokens ADD CONSTRAINT access_tokens_hash_unique UNIQUE (hash);

ALTER TABLE access_tokens ADD CONSTRAINT access_tokens_pkey PRIMARY KEY (id);

ALTER TABLE account_links ADD CONSTRAINT account_links_pkey PRIMARY KEY (id);

ALTER TABLE accounts ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE agent_usage ADD CONSTRAINT agent_usage_account_id_day_pk PRIMARY KEY (account_id, day);

ALTER TABLE approval_cards ADD CONSTRAINT approval_cards_pkey PRIMARY KEY (approval_id);

ALTER TABLE approvals ADD CONSTRAINT approvals_pkey PRIMARY KEY (id);

ALTER TABLE audit_log ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);

ALTER TABLE channels ADD CONSTRAINT channels_host UNIQUE (account_id, host_channel_id);

ALTER TABLE channels ADD CONSTRAINT channels_pkey PRIMARY KEY (id);

ALTER TABLE checkouts ADD CONSTRAINT checkouts_pkey PRIMARY KEY (id);

ALTER TABLE checkouts ADD CONSTRAINT checkouts_session_id_unique UNIQUE (session_id);

ALTER TABLE compensations ADD CONSTRAINT compensations_pkey PRIMARY KEY (root_video_id);

ALTER TABLE conversation_messages ADD CONSTRAINT conversation_messages_pkey PRIMARY KEY (id);

ALTER TABLE conversation_turns ADD CONSTRAINT conversation_turns_key UNIQUE (conversation_id, key);

ALTER TABLE conversation_turns ADD CONSTRAINT conversation_turns_pkey PRIMARY KEY (id);

ALTER TABLE conversations ADD CONSTRAINT conversations_pkey PRIMARY KEY (id);

ALTER TABLE conversations ADD CONSTRAINT conversations_place UNIQUE (account_id, surface, place);

ALTER TABLE customers ADD CONSTRAINT customers_customer_id_unique UNIQUE (customer_id);

ALTER TABLE customers ADD CONSTRAINT customers_pkey PRIMARY KEY (account_id);

ALTER TABLE drafts ADD CONSTRAINT drafts_pkey PRIMARY KEY (id);

ALTER TABLE drafts ADD CONSTRAINT drafts_topic UNIQUE NULLS NOT DISTINCT (account_id, server_id, topic);

ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY (id);

ALTER TABLE former_identities ADD CONSTRAINT former_identities_pkey PRIMARY KEY (hash);

ALTER TABLE host_allowances ADD CONSTRAINT host_allowances_day_bucket_pk PRIMARY KEY (day, bucket);

ALTER TABLE identities ADD CONSTRAINT identities_provider_subject_pk PRIMARY KEY (provider, subject);

ALTER TABLE inbox ADD CONSTRAINT inbox_source_event_id_pk PRIMARY KEY (source, event_id);

ALTER TABLE login_methods ADD CONSTRAINT login_methods_pkey PRIMARY KEY (id);

ALTER TABLE login_proofs ADD CONSTRAINT login_proofs_pkey PRIMARY KEY (id);

ALTER TABLE login_sessions ADD CONSTRAINT login_sessions_pkey PRIMARY KEY (id);

ALTER TABLE login_sessions ADD CONSTRAINT login_sessions_token_unique UNIQUE (token);

ALTER TABLE logins ADD CONSTRAINT logins_email_unique UNIQUE (email);

ALTER TABLE logins ADD CONSTRAINT logins_pkey PRIMARY KEY (id);

ALTER TABLE notices ADD CONSTRAINT notices_pkey PRIMARY KEY (id);

ALTER TABLE oauth_access_tokens ADD CONSTRAINT oauth_access_tokens_pkey PRIMARY KEY (id);

ALTER TABLE oauth_access_tokens ADD CONSTRAINT oauth_access_tokens_token_unique UNIQUE (token);

ALTER TABLE oauth_client_assertions ADD CONSTRAINT oauth_client_assertions_pkey PRIMARY KEY (id);

ALTER TABLE oauth_client_resources ADD CONSTRAINT oauth_client_resources_pkey PRIMARY KEY (id);

ALTER TABLE oauth_clients ADD CONSTRAINT oauth_clients_client_id_unique UNIQUE (client_id);

ALTER TABLE oauth_clients ADD CONSTRAINT oauth_clients_pkey PRIMARY KEY (id);

ALTER TABLE oauth_consents ADD CONSTRAINT oauth_consents_pkey PRIMARY KEY (id);

ALTER TABLE oauth_refresh_tokens ADD CONSTRAINT oauth_refresh_tokens_pkey PRIMARY KEY (id);

ALTER TABLE oauth_refresh_tokens ADD CONSTRAINT oauth_refresh_tokens_token_unique UNIQUE (token);

ALTER TABLE oauth_resources ADD CONSTRAINT oauth_resources_identifier_unique UNIQUE (identifier);

ALTER TABLE oauth_resources ADD CONSTRAINT oauth_resources_pkey PRIMARY KEY (id);

ALTER TABLE oauth_states ADD CONSTRAINT oauth_states_pkey PRIMARY KEY (state_hash);

ALTER TABLE payment_notices ADD CONSTRAINT payment_notices_pkey PRIMARY KEY (id);

ALTER TABLE pictures ADD CONSTRAINT pictures_pkey PRIMARY KEY (id);

ALTER TABLE progress_messages ADD CONSTRAINT progress_messages_pkey PRIMARY KEY (subject_id);

ALTER TABLE prompt_checks ADD CONSTRAINT prompt_checks_pkey PRIMARY KEY (hash);

ALTER TABLE publication_counts ADD CONSTRAINT publication_counts_publication_id_read_at_pk PRIMARY KEY (publication_id, read_at);

ALTER TABLE publications ADD CONSTRAINT publications_approval UNIQUE (approval_id);

ALTER TABLE publications ADD CONSTRAINT publications_host_video UNIQUE (host_video_id);

ALTER TABLE publications ADD CONSTRAINT publications_pkey PRIMARY KEY (id);

ALTER TABLE purchases ADD CONSTRAINT purchases_pkey PRIMARY KEY (id);

ALTER TABLE quota_holds ADD CONSTRAINT quota_holds_amount_positive CHECK ((amount > 0));

ALTER TABLE quota_holds ADD CONSTRAINT quota_holds_pkey PRIMARY KEY (reference);

ALTER TABLE quota_transfers ADD CONSTRAINT quota_transfers_key UNIQUE (key);

ALTER TABLE quota_transfers ADD CONSTRAINT quota_transfers_wallet_id_id_pk PRIMARY KEY (wallet_id, id);

ALTER TABLE quotes ADD CONSTRAINT quotes_pkey PRIMARY KEY (id);

ALTER TABLE rate_limits ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (key);

ALTER TABLE saved_trends ADD CONSTRAINT saved_trends_once UNIQUE NULLS NOT DISTINCT (account_id, trend_id, server_id);

ALTER TABLE servers ADD CONSTRAINT servers_pkey PRIMARY KEY (id);

ALTER TABLE shot_attempts ADD CONSTRAINT shot_attempts_number UNIQUE (shot_id, number);

ALTER TABLE shot_attempts ADD CONSTRAINT shot_attempts_pkey PRIMARY KEY (id);

ALTER TABLE shots ADD CONSTRAINT shots_pkey PRIMARY KEY (id);

ALTER TABLE shots ADD CONSTRAINT shots_position UNIQUE (video_id, kind, "position");

ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_pkey PRIMARY KEY (id);

ALTER TABLE trend_forecasts ADD CONSTRAINT trend_forecasts_once UNIQUE (publication_id);

ALTER TABLE trend_forecasts ADD CONSTRAINT trend_forecasts_pkey PRIMARY KEY (id);

ALTER TABLE trend_harvest_items ADD CONSTRAINT trend_harvest_items_harvest_id_trend_id_pk PRIMARY KEY (harvest_id, trend_id);

ALTER TABLE trend_harvests ADD CONSTRAINT trend_harvests_pkey PRIMARY KEY (id);

ALTER TABLE trend_results ADD CONSTRAINT trend_results_search_id_trend_id_pk PRIMARY KEY (search_id, trend_id);

ALTER TABLE trend_search_harvests ADD CONSTRAINT trend_search_harvests_search_id_harvest_id_pk PRIMARY KEY (search_id, harvest_id);

ALTER TABLE trend_searches ADD CONSTRAINT trend_searches_pkey PRIMARY KEY (id);

ALTER TABLE trend_snapshots ADD CONSTRAINT trend_snapshots_pkey PRIMARY KEY (id);

ALTER TABLE trends ADD CONSTRAINT trends_external UNIQUE (platform, external_id);

ALTER TABLE trends ADD CONSTRAINT trends_pkey PRIMARY KEY (id);

ALTER TABLE videos ADD CONSTRAINT videos_approval UNIQUE (approval_id, take);

ALTER TABLE videos ADD CONSTRAINT videos_pkey PRIMARY KEY (id);

ALTER TABLE videos ADD CONSTRAINT videos_ready_has_file CHECK (((status <> 'ready'::text) OR (file_key IS NOT NULL) OR (deleted_at IS NOT NULL)));

ALTER TABLE waiting_actions ADD CONSTRAINT waiting_actions_id_unique UNIQUE (id);

ALTER TABLE waiting_actions ADD CONSTRAINT waiting_actions_pkey PRIMARY KEY (account_id);

ALTER TABLE wallets ADD CONSTRAINT wallets_account_id_unique UNIQUE (account_id);

ALTER TABLE wallets ADD CONSTRAINT wallets_balanced CHECK ((granted = (((((available + held) + spent) + expired) + returned) + given)));

ALTER TABLE wallets ADD CONSTRAINT wallets_not_negative CHECK ((LEAST(lasting, (available - lasting), held, spent, expired, returned, given) >= 0));

ALTER TABLE wallets ADD CONSTRAINT wallets_one_owner CHECK ((num_nonnulls(account_id, server_id) = 1));

ALTER TABLE wallets ADD CONSTRAINT wallets_pkey PRIMARY KEY (id);

ALTER TABLE wallets ADD CONSTRAINT wallets_server_id_unique UNIQUE (server_id);

ALTER TABLE watch_finds ADD CONSTRAINT watch_finds_once UNIQUE (watch_id, trend_id);

ALTER TABLE watch_finds ADD CONSTRAINT watch_finds_pkey PRIMARY KEY (id);

ALTER TABLE watches ADD CONSTRAINT watches_pkey PRIMARY KEY (id);

ALTER TABLE access_tokens ADD CONSTRAINT access_tokens_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE account_links ADD CONSTRAINT account_links_from_account_accounts_id_fk FOREIGN KEY (from_account) REFERENCES accounts(id);

ALTER TABLE account_links ADD CONSTRAINT account_links_stays_account_accounts_id_fk FOREIGN KEY (stays_account) REFERENCES accounts(id);

ALTER TABLE account_links ADD CONSTRAINT account_links_to_account_accounts_id_fk FOREIGN KEY (to_account) REFERENCES accounts(id);

ALTER TABLE accounts ADD CONSTRAINT accounts_merged_into_accounts_id_fk FOREIGN KEY (merged_into) REFERENCES accounts(id);

ALTER TABLE agent_usage ADD CONSTRAINT agent_usage_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE approval_cards ADD CONSTRAINT approval_cards_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE approvals ADD CONSTRAINT approvals_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE approvals ADD CONSTRAINT approvals_approver_id_accounts_id_fk FOREIGN KEY (approver_id) REFERENCES accounts(id);

ALTER TABLE channels ADD CONSTRAINT channels_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE checkouts ADD CONSTRAINT checkouts_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE compensations ADD CONSTRAINT compensations_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE conversation_messages ADD CONSTRAINT conversation_messages_conversation_id_conversations_id_fk FOREIGN KEY (conversation_id) REFERENCES conversations(id);

ALTER TABLE conversation_turns ADD CONSTRAINT conversation_turns_conversation_id_conversations_id_fk FOREIGN KEY (conversation_id) REFERENCES conversations(id);

ALTER TABLE conversations ADD CONSTRAINT conversations_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE customers ADD CONSTRAINT customers_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE drafts ADD CONSTRAINT drafts_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE identities ADD CONSTRAINT identities_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE login_methods ADD CONSTRAINT login_methods_login_id_logins_id_fk FOREIGN KEY (login_id) REFERENCES logins(id) ON DELETE CASCADE;

ALTER TABLE login_sessions ADD CONSTRAINT login_sessions_login_id_logins_id_fk FOREIGN KEY (login_id) REFERENCES logins(id) ON DELETE CASCADE;

ALTER TABLE notices ADD CONSTRAINT notices_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE oauth_access_tokens ADD CONSTRAINT oauth_access_tokens_client_id_oauth_clients_client_id_fk FOREIGN KEY (client_id) REFERENCES oauth_clients(client_id) ON DELETE CASCADE;

ALTER TABLE oauth_access_tokens ADD CONSTRAINT oauth_access_tokens_login_id_logins_id_fk FOREIGN KEY (login_id) REFERENCES logins(id) ON DELETE CASCADE;

ALTER TABLE oauth_access_tokens ADD CONSTRAINT oauth_access_tokens_refresh_id_oauth_refresh_tokens_id_fk FOREIGN KEY (refresh_id) REFERENCES oauth_refresh_tokens(id) ON DELETE CASCADE;

ALTER TABLE oauth_access_tokens ADD CONSTRAINT oauth_access_tokens_session_id_login_sessions_id_fk FOREIGN KEY (session_id) REFERENCES login_sessions(id) ON DELETE SET NULL;

ALTER TABLE oauth_client_resources ADD CONSTRAINT oauth_client_resources_client_id_oauth_clients_client_id_fk FOREIGN KEY (client_id) REFERENCES oauth_clients(client_id) ON DELETE CASCADE;

ALTER TABLE oauth_client_resources ADD CONSTRAINT oauth_client_resources_resource_id_oauth_resources_identifier_f FOREIGN KEY (resource_id) REFERENCES oauth_resources(identifier) ON DELETE CASCADE;

ALTER TABLE oauth_clients ADD CONSTRAINT oauth_clients_login_id_logins_id_fk FOREIGN KEY (login_id) REFERENCES logins(id) ON DELETE CASCADE;

ALTER TABLE oauth_consents ADD CONSTRAINT oauth_consents_client_id_oauth_clients_client_id_fk FOREIGN KEY (client_id) REFERENCES oauth_clients(client_id) ON DELETE CASCADE;

ALTER TABLE oauth_consents ADD CONSTRAINT oauth_consents_login_id_logins_id_fk FOREIGN KEY (login_id) REFERENCES logins(id) ON DELETE CASCADE;

ALTER TABLE oauth_refresh_tokens ADD CONSTRAINT oauth_refresh_tokens_client_id_oauth_clients_client_id_fk FOREIGN KEY (client_id) REFERENCES oauth_clients(client_id) ON DELETE CASCADE;

ALTER TABLE oauth_refresh_tokens ADD CONSTRAINT oauth_refresh_tokens_login_id_logins_id_fk FOREIGN KEY (login_id) REFERENCES logins(id) ON DELETE CASCADE;

ALTER TABLE oauth_refresh_tokens ADD CONSTRAINT oauth_refresh_tokens_session_id_login_sessions_id_fk FOREIGN KEY (session_id) REFERENCES login_sessions(id) ON DELETE SET NULL;

ALTER TABLE oauth_states ADD CONSTRAINT oauth_states_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE pictures ADD CONSTRAINT pictures_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE progress_messages ADD CONSTRAINT progress_messages_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE publication_counts ADD CONSTRAINT publication_counts_publication_id_publications_id_fk FOREIGN KEY (publication_id) REFERENCES publications(id);

ALTER TABLE publications ADD CONSTRAINT publications_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE publications ADD CONSTRAINT publications_channel_id_channels_id_fk FOREIGN KEY (channel_id) REFERENCES channels(id);

ALTER TABLE publications ADD CONSTRAINT publications_picture_id_pictures_id_fk FOREIGN KEY (picture_id) REFERENCES pictures(id);

ALTER TABLE publications ADD CONSTRAINT publications_video_id_videos_id_fk FOREIGN KEY (video_id) REFERENCES videos(id);

ALTER TABLE purchases ADD CONSTRAINT purchases_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE purchases ADD CONSTRAINT purchases_wallet_id_wallets_id_fk FOREIGN KEY (wallet_id) REFERENCES wallets(id);

ALTER TABLE quotes ADD CONSTRAINT quotes_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE saved_trends ADD CONSTRAINT saved_trends_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE saved_trends ADD CONSTRAINT saved_trends_trend_id_trends_id_fk FOREIGN KEY (trend_id) REFERENCES trends(id);

ALTER TABLE servers ADD CONSTRAINT servers_changed_by_accounts_id_fk FOREIGN KEY (changed_by) REFERENCES accounts(id);

ALTER TABLE shot_attempts ADD CONSTRAINT shot_attempts_shot_id_shots_id_fk FOREIGN KEY (shot_id) REFERENCES shots(id);

ALTER TABLE shots ADD CONSTRAINT shots_video_id_videos_id_fk FOREIGN KEY (video_id) REFERENCES videos(id);

ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE trend_forecasts ADD CONSTRAINT trend_forecasts_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE trend_forecasts ADD CONSTRAINT trend_forecasts_trend_id_trends_id_fk FOREIGN KEY (trend_id) REFERENCES trends(id);

ALTER TABLE trend_harvest_items ADD CONSTRAINT trend_harvest_items_harvest_id_trend_harvests_id_fk FOREIGN KEY (harvest_id) REFERENCES trend_harvests(id);

ALTER TABLE trend_harvest_items ADD CONSTRAINT trend_harvest_items_trend_id_trends_id_fk FOREIGN KEY (trend_id) REFERENCES trends(id);

ALTER TABLE trend_results ADD CONSTRAINT trend_results_search_id_trend_searches_id_fk FOREIGN KEY (search_id) REFERENCES trend_searches(id);

ALTER TABLE trend_results ADD CONSTRAINT trend_results_trend_id_trends_id_fk FOREIGN KEY (trend_id) REFERENCES trends(id);

ALTER TABLE trend_search_harvests ADD CONSTRAINT trend_search_harvests_harvest_id_trend_harvests_id_fk FOREIGN KEY (harvest_id) REFERENCES trend_harvests(id);

ALTER TABLE trend_search_harvests ADD CONSTRAINT trend_search_harvests_search_id_trend_searches_id_fk FOREIGN KEY (search_id) REFERENCES trend_searches(id);

ALTER TABLE trend_searches ADD CONSTRAINT trend_searches_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE trend_snapshots ADD CONSTRAINT trend_snapshots_trend_id_trends_id_fk FOREIGN KEY (trend_id) REFERENCES trends(id);

ALTER TABLE videos ADD CONSTRAINT videos_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE videos ADD CONSTRAINT videos_quote_id_quotes_id_fk FOREIGN KEY (quote_id) REFERENCES quotes(id);

ALTER TABLE waiting_actions ADD CONSTRAINT waiting_actions_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE wallets ADD CONSTRAINT wallets_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

ALTER TABLE wallets ADD CONSTRAINT wallets_merged_into_wallets_id_fk FOREIGN KEY (merged_into) REFERENCES wallets(id);

ALTER TABLE watch_finds ADD CONSTRAINT watch_finds_search_id_trend_searches_id_fk FOREIGN KEY (search_id) REFERENCES trend_searches(id);

ALTER TABLE watch_finds ADD CONSTRAINT watch_finds_trend_id_trends_id_fk FOREIGN KEY (trend_id) REFERENCES trends(id);

ALTER TABLE watch_finds ADD CONSTRAINT watch_finds_watch_id_watches_id_fk FOREIGN KEY (watch_id) REFERENCES watches(id);

ALTER TABLE watches ADD CONSTRAINT watches_account_id_accounts_id_fk FOREIGN KEY (account_id) REFERENCES accounts(id);

CREATE INDEX access_tokens_by_account ON public.access_tokens USING btree (account_id, created_at);

CREATE INDEX account_links_by_from ON public.account_links USING btree (from_account, status);

CREATE INDEX account_links_by_to ON public.account_links USING btree (to_account, status);

CREATE INDEX approvals_by_hash ON public.approvals USING btree (account_id, input_hash);

CREATE INDEX audit_by_account ON public.audit_log USING btree (account_id, at);

CREATE UNIQUE INDEX checkouts_one_open ON public.checkouts USING btree (account_id) WHERE (status = ANY (ARRAY['intended'::text, 'open'::text]));

CREATE INDEX conversation_messages_by_conversation ON public.conversation_messages USING btree (conversation_id, id);

CREATE INDEX conversation_turns_open ON public.conversation_turns USING btree (answered_at, id);

CREATE INDEX events_by_subject ON public.events USING btree (subject_id, id);

CREATE INDEX login_methods_by_login ON public.login_methods USING btree (login_id);

CREATE UNIQUE INDEX login_methods_by_subject ON public.login_methods USING btree (provider, subject);

CREATE INDEX login_proofs_by_expiry ON public.login_proofs USING btree (expires_at);

CREATE INDEX login_proofs_by_identifier ON public.login_proofs USING btree (identifier);

CREATE INDEX login_sessions_by_login ON public.login_sessions USING btree (login_id);

CREATE INDEX notices_open ON public.notices USING btree (delivered_at, id);

CREATE INDEX oauth_access_tokens_by_client ON public.oauth_access_tokens USING btree (client_id);

CREATE INDEX oauth_access_tokens_by_code ON public.oauth_access_tokens USING btree (authorization_code_id);

CREATE INDEX oauth_access_tokens_by_login ON public.oauth_access_tokens USING btree (login_id);

CREATE INDEX oauth_access_tokens_by_refresh ON public.oauth_access_tokens USING btree (refresh_id);

CREATE INDEX oauth_access_tokens_by_session ON public.oauth_access_tokens USING btree (session_id);

CREATE INDEX oauth_client_resources_by_client ON public.oauth_client_resources USING btree (client_id);

CREATE INDEX oauth_client_resources_by_resource ON public.oauth_client_resources USING btree (resource_id);

CREATE INDEX oauth_consents_by_client ON public.oauth_consents USING btree (client_id);

CREATE INDEX oauth_consents_by_login ON public.oauth_consents USING btree (login_id);

CREATE INDEX oauth_refresh_tokens_by_client ON public.oauth_refresh_tokens USING btree (client_id);

CREATE INDEX oauth_refresh_tokens_by_code ON public.oauth_refresh_tokens USING btree (authorization_code_id);

CREATE INDEX oauth_refresh_tokens_by_login ON public.oauth_refresh_tokens USING btree (login_id);

CREATE INDEX oauth_refresh_tokens_by_session ON public.oauth_refresh_tokens USING btree (session_id);

CREATE INDEX payment_notices_open ON public.payment_notices USING btree (handled_at, received_at);

CREATE INDEX pictures_by_account ON public.pictures USING btree (account_id, created_at);

CREATE INDEX progress_messages_open ON public.progress_messages USING btree (ended_at);

CREATE INDEX publications_by_account ON public.publications USING btree (account_id, created_at);

CREATE INDEX publications_by_picture ON public.publications USING btree (picture_id);

CREATE INDEX purchases_by_account ON public.purchases USING btree (account_id, paid_at);

CREATE INDEX purchases_by_payment ON public.purchases USING btree (payment_id);

CREATE INDEX purchases_by_period ON public.purchases USING btree (subscription_id, period_end);

CREATE INDEX quota_holds_by_member ON public.quota_holds USING btree (account_id, created_at) WHERE (wallet_id <> account_id);

CREATE INDEX quota_holds_by_wallet ON public.quota_holds USING btree (wallet_id, created_at);

CREATE INDEX quotes_by_wish ON public.quotes USING btree (account_id, wish_hash, expires_at);

CREATE INDEX shots_waiting ON public.shots USING btree (status, not_before);

CREATE INDEX subscriptions_by_account ON public.subscriptions USING btree (account_id, created_at);

CREATE INDEX trend_forecasts_due ON public.trend_forecasts USING btree (graded_at, due_at);

CREATE INDEX trend_harvests_by_purpose ON public.trend_harvests USING btree (purpose, created_at);

CREATE INDEX trend_harvests_by_query ON public.trend_harvests USING btree (platform, query, created_at);

CREATE UNIQUE INDEX trend_harvests_once ON public.trend_harvests USING btree (platform, query, max_items) WHERE (status = ANY (ARRAY['waiting'::text, 'running'::text]));

CREATE INDEX trend_results_by_trend ON public.trend_results USING btree (trend_id);

CREATE INDEX trend_search_harvests_by_harvest ON public.trend_search_harvests USING btree (harvest_id);

CREATE INDEX trend_searches_by_account ON public.trend_searches USING btree (account_id, created_at);

CREATE INDEX trend_snapshots_by_trend ON public.trend_snapshots USING btree (trend_id, seen_at);

CREATE INDEX videos_by_account ON public.videos USING btree (account_id, created_at);

CREATE INDEX videos_by_batch ON public.videos USING btree (batch_id);

CREATE INDEX wallets_by_merged ON public.wallets USING btree (merged_into) WHERE (merged_into IS NOT NULL);

CREATE INDEX wallets_by_period ON public.wallets USING btree (period_end);

CREATE INDEX watches_by_account ON public.watches USING btree (account_id);

CREATE INDEX watches_due ON public.watches USING btree (status, next_at);

CREATE OR REPLACE FUNCTION public.quota_close(p_wallet text, p_reference text, p_key text, p_at timestamp with time zone)
 RETURNS TABLE(outcome text, available integer, held integer, amount integer)
 LANGUAGE plpgsql
AS $function$
declare
  wallet wallets%rowtype;
  v_hash text;
begin
  if p_wallet is null or p_reference is null or p_key is null or p_at is null then
    raise exception 'quota_close: wallet, reference, key and time are required' using errcode = '22004';
  end if;
  v_hash := encode(sha256(convert_to(concat_ws(E'\n', 'close', p_wallet, p_reference), 'UTF8')), 'hex');

  select * into wallet from wallets w where w.id = p_wallet for update;
  if not found then
    raise exception 'quota_close: there is no wallet %', p_wallet using errcode = 'P0002';
  end if;
  if exists (select 1 from quota_transfers t where t.key = p_key) then
    return query select 'replay', wallet.available, wallet.held, 0;
    return;
  end if;

  if wallet.available > 0 then
    insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
      values (p_at, p_wallet, 'expire', 'available', 'expired', wallet.available, wallet.lasting,
        p_reference, p_key, v_hash);
  end if;
  return query update wallets w set
    available = 0,
    lasting = 0,
    expired = w.expired + wallet.available,
    period_end = null
    where w.id = p_wallet
    returning 'applied', w.available, w.held, wallet.available;
end $function$;

CREATE OR REPLACE FUNCTION public.quota_give(p_from text, p_to text, p_amount integer, p_reference text, p_key text, p_at timestamp with time zone)
 RETURNS TABLE(outcome text, available integer, held integer, amount integer)
 LANGUAGE plpgsql
AS $function$
declare
  giver wallets%rowtype;
  earlier quota_transfers%rowtype;
  v_hash text;
begin
  if p_from is null or p_to is null or p_reference is null or p_key is null or p_at is null then
    raise exception 'quota_give: wallets, reference, key and time are required' using errcode = '22004';
  end if;
  if p_from = p_to or p_amount is null or p_amount <= 0 then
    raise exception 'quota_give: another wallet and a positive whole number are needed' using errcode = '22023';
  end if;
  v_hash := encode(sha256(convert_to(
    concat_ws(E'\n', 'give', p_from, p_to, p_amount, p_reference), 'UTF8')), 'hex');

  perform 1 from wallets w where w.id in (p_from, p_to) order by w.id for update;
  select * into giver from wallets w where w.id = p_from;
  if not found or not exists (select 1 from wallets w where w.id = p_to) then
    raise exception 'quota_give: there is no wallet % or %', p_from, p_to using errcode = 'P0002';
  end if;

  select * into earlier from quota_transfers t where t.key = p_key;
  if found then
    return query select case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end,
      giver.available, giver.held, earlier.amount;
    return;
  end if;
  if giver.lasting < p_amount then
    return query select 'short', giver.lasting, giver.held, p_amount;
    return;
  end if;

  insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
    values (p_at, p_from, 'give', 'available', 'transit', p_amount, p_amount, p_reference, p_key, v_hash),
           (p_at, p_to, 'receive', 'transit', 'available', p_amount, p_amount, p_reference, p_key || ':in', v_hash);
  update wallets w set granted = w.granted + p_amount, available = w.available + p_amount,
    lasting = w.lasting + p_amount where w.id = p_to;
  return query update wallets w set given = w.given + p_amount, available = w.available - p_amount,
    lasting = w.lasting - p_amount where w.id = p_from
    returning 'applied', w.available, w.held, p_amount;
end $function$;

CREATE OR REPLACE FUNCTION public.quota_hold(p_wallet text, p_amount integer, p_reference text, p_key text, p_at timestamp with time zone, p_account text DEFAULT NULL::text, OUT outcome text, OUT available integer, OUT held integer, OUT amount integer)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  earlier record;
  v_lasting integer;
  v_hash text;
begin
  if p_wallet is null or p_reference is null or p_key is null or p_at is null then
    raise exception 'quota_hold: wallet, reference, key and time are required' using errcode = '22004';
  end if;
  if p_amount is null or p_amount <= 0 then
    raise exception 'quota_hold: the amount must be a positive whole number' using errcode = '22023';
  end if;
  v_hash := encode(sha256(convert_to(concat_ws(E'\n', 'hold', p_wallet,
    p_amount, p_reference, coalesce(p_account, '-')), 'UTF8')), 'hex');
  loop
    insert into quota_holds (reference, wallet_id, account_id, amount, lasting, status, created_at)
      select p_reference, w.id, coalesce(p_account, w.account_id), p_amount,
        greatest(0, p_amount - (w.available - w.lasting)), 'held', p_at
      from wallets w
      where w.id = p_wallet and w.available >= p_amount
        and not exists (select 1 from quota_transfers t where t.key = p_key)
      on conflict (reference) do nothing
      returning lasting into v_lasting;
    if found then
      update wallets w set
        available = w.available - p_amount,
        lasting   = w.lasting - v_lasting,
        held      = w.held + p_amount
        where w.id = p_wallet and w.available >= p_amount
          and greatest(0, p_amount - (w.available - w.lasting)) = v_lasting
        returning w.available, w.held into available, held;
      if found then
        insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
          values (p_at, p_wallet, 'hold', 'available', 'held', p_amount, v_lasting, p_reference, p_key, v_hash)
          on conflict do nothing;
        if found then
          outcome := 'applied';
          amount := p_amount;
          return;
        end if;
        -- The key went to something else while this waited for the wallet.
        update wallets w set
          available = w.available + p_amount,
          lasting   = w.lasting + v_lasting,
          held      = w.held - p_amount
          where w.id = p_wallet;
      end if;
      delete from quota_holds h where h.reference = p_reference;
    end if;

    select w.available, w.held into available, held from wallets w where w.id = p_wallet;
    if not found then
      raise exception 'quota_hold: there is no wallet %', p_wallet using errcode = 'P0002';
    end if;
    select t.amount, t.request_hash into earlier from quota_transfers t where t.key = p_key;
    if found then
      outcome := case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end;
      amount := earlier.amount;
      return;
    end if;
    if available < p_amount then
      outcome := 'short';
      amount := p_amount;
      return;
    end if;
    if exists (select 1 from quota_holds h where h.reference = p_reference) then
      raise exception 'quota_hold: % is held with another key', p_reference using errcode = '23505';
    end if;
    -- Others have moved units between the two looks: once more.
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.quota_merge(p_from text, p_to text, p_month integer, p_reference text, p_key text, p_at timestamp with time zone)
 RETURNS TABLE(outcome text, available integer, held integer, amount integer)
 LANGUAGE plpgsql
AS $function$
declare
  giver wallets%rowtype;
  taker wallets%rowtype;
  earlier quota_transfers%rowtype;
  v_amount integer;
  v_rest integer;
  v_hash text;
begin
  if p_from is null or p_to is null or p_reference is null or p_key is null or p_at is null then
    raise exception 'quota_merge: wallets, reference, key and time are required' using errcode = '22004';
  end if;
  if p_from = p_to or p_month is null or p_month < 0 then
    raise exception 'quota_merge: another wallet and a whole number are needed' using errcode = '22023';
  end if;
  v_hash := encode(sha256(convert_to(
    concat_ws(E'\n', 'merge', p_from, p_to, p_month, p_reference), 'UTF8')), 'hex');

  perform 1 from wallets w where w.id in (p_from, p_to) order by w.id for update;
  select * into giver from wallets w where w.id = p_from;
  select * into taker from wallets w where w.id = p_to;
  if giver.id is null or taker.id is null or taker.merged_into is not null then
    raise exception 'quota_merge: there is no wallet % or %', p_from, p_to using errcode = 'P0002';
  end if;

  select * into earlier from quota_transfers t where t.key in (p_key, p_key || ':rest') limit 1;
  if found then
    return query select case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end,
      taker.available, taker.held, 0;
    return;
  end if;
  if giver.held > 0 or giver.available - giver.lasting < p_month then
    return query select 'short', taker.available, taker.held, 0;
    return;
  end if;
  v_amount := giver.lasting + p_month;
  v_rest := giver.available - v_amount;

  if v_rest > 0 then
    insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
      values (p_at, p_from, 'expire', 'available', 'expired', v_rest, 0, p_reference, p_key || ':rest', v_hash);
  end if;
  if v_amount > 0 then
    insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
      values (p_at, p_from, 'give', 'available', 'transit', v_amount, giver.lasting, p_reference, p_key, v_hash),
             (p_at, p_to, 'receive', 'transit', 'available', v_amount, giver.lasting, p_reference, p_key || ':in', v_hash);
  end if;
  update wallets w set merged_into = p_to where w.merged_into = p_from;
  update wallets w set available = 0, lasting = 0, given = w.given + v_amount,
    expired = w.expired + v_rest, period_end = null, merged_into = p_to where w.id = p_from;
  return query update wallets w set granted = w.granted + v_amount, available = w.available + v_amount,
    lasting = w.lasting + giver.lasting where w.id = p_to
    returning 'applied', w.available, w.held, v_amount;
end $function$;

CREATE OR REPLACE FUNCTION public.quota_post(p_verb text, p_wallet text, p_amount integer, p_reference text, p_key text, p_at timestamp with time zone, p_lasting boolean DEFAULT false)
 RETURNS TABLE(outcome text, available integer, held integer, amount integer)
 LANGUAGE plpgsql
AS $function$
declare
  wallet record;
  hold record;
  earlier record;
  v_amount integer := p_amount;
  v_lasting integer := 0;
  v_debit text;
  v_credit text;
  v_hash text;
begin
  if p_verb is null or p_verb not in
      ('grant', 'capture', 'release', 'refund', 'expire', 'take_back') then
    raise exception 'quota_post: unknown verb %', p_verb using errcode = '22023';
  end if;
  if p_wallet is null or p_reference is null or p_key is null or p_at is null or p_lasting is null then
    raise exception 'quota_post: wallet, reference, key, time and kind are required' using errcode = '22004';
  end if;
  if p_verb in ('grant', 'expire', 'take_back') and (p_amount is null or p_amount <= 0) then
    raise exception 'quota_post: the amount must be a positive whole number' using errcode = '22023';
  end if;
  if p_verb in ('capture', 'release', 'refund') and p_amount is not null then
    raise exception 'quota_post: the amount of % is that of its hold', p_verb using errcode = '22023';
  end if;
  v_hash := encode(sha256(convert_to(concat_ws(E'\n', p_verb, p_wallet,
    coalesce(p_amount::text, '-'), p_reference, p_lasting), 'UTF8')), 'hex');

  select w.available, w.lasting, w.held into wallet
    from wallets w where w.id = p_wallet for update;
  if not found then
    raise exception 'quota_post: there is no wallet %', p_wallet using errcode = 'P0002';
  end if;

  select t.amount, t.request_hash into earlier from quota_transfers t where t.key = p_key;
  if found then
    return query select case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end,
      wallet.available, wallet.held, earlier.amount;
    return;
  end if;

  if p_verb in ('capture', 'release', 'refund') then
    select h.amount, h.lasting, h.status into hold from quota_holds h
      where h.reference = p_reference and h.wallet_id = p_wallet;
    if not found then
      return query select 'hold_missing', wallet.available, wallet.held, 0;
      return;
    end if;
    if hold.status <> (case when p_verb = 'refund' then 'captured' else 'held' end) then
      return query select 'settled', wallet.available, wallet.held, hold.amount;
      return;
    end if;
    v_amount := hold.amount;
    v_lasting := hold.lasting;
    update quota_holds set
      status = case p_verb when 'capture' then 'captured' when 'release' then 'released' else 'refunded' end,
      settled_at = p_at
      where reference = p_reference;
  elsif p_verb = 'grant' then
    v_lasting := case when p_lasting then p_amount else 0 end;
  elsif p_verb = 'expire' then
    if wallet.available - wallet.lasting < p_amount then
      return query select 'short', wallet.available, wallet.held, p_amount;
      return;
    end if;
  else
    v_amount := least(p_amount,
      case when p_lasting then wallet.lasting else wallet.available - wallet.lasting end);
    if v_amount = 0 then
      return query select 'short', wallet.available, wallet.held, 0;
      return;
    end if;
    v_lasting := case when p_lasting then v_amount else 0 end;
  end if;

  v_debit := case p_verb when 'grant' then 'source' when 'capture' then 'held'
    when 'release' then 'held' when 'refund' then 'spent' else 'available' end;
  v_credit := case p_verb when 'capture' then 'spent'
    when 'expire' then 'expired' when 'take_back' then 'returned' else 'available' end;

  insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
    values (p_at, p_wallet, p_verb, v_debit, v_credit, v_amount, v_lasting, p_reference, p_key, v_hash);

  return query update wallets w set
    granted   = w.granted   + case when v_debit = 'source' then v_amount else 0 end,
    available = w.available + case when v_credit = 'available' then v_amount else 0 end
                            - case when v_debit = 'available' then v_amount else 0 end,
    lasting   = w.lasting   + case when v_credit = 'available' then v_lasting else 0 end
                            - case when v_debit = 'available' then v_lasting else 0 end,
    held      = w.held      - case when v_debit = 'held' then v_amount else 0 end,
    spent     = w.spent     + case when v_credit = 'spent' then v_amount else 0 end
                            - case when v_debit = 'spent' then v_amount else 0 end,
    expired   = w.expired   + case when v_credit = 'expired' then v_amount else 0 end,
    returned  = w.returned  + case when v_credit = 'returned' then v_amount else 0 end
    where w.id = p_wallet
    returning 'applied', w.available, w.held, v_amount;
end $function$;

CREATE OR REPLACE FUNCTION public.quota_renew(p_wallet text, p_amount integer, p_reference text, p_key text, p_at timestamp with time zone, p_start timestamp with time zone, p_end timestamp with time zone)
 RETURNS TABLE(outcome text, available integer, held integer, amount integer)
 LANGUAGE plpgsql
AS $function$
declare
  wallet wallets%rowtype;
  earlier quota_transfers%rowtype;
  v_rest integer;
  v_hash text;
begin
  if p_wallet is null or p_reference is null or p_key is null or p_at is null then
    raise exception 'quota_renew: wallet, reference, key and time are required' using errcode = '22004';
  end if;
  if p_amount is null or p_amount <= 0 then
    raise exception 'quota_renew: the amount must be a positive whole number' using errcode = '22023';
  end if;
  if p_start is null or p_end is null or p_end <= p_start then
    raise exception 'quota_renew: a month ends after it has begun' using errcode = '22023';
  end if;
  v_hash := encode(sha256(convert_to(concat_ws(E'\n', 'renew', p_wallet, p_amount, p_reference,
    extract(epoch from p_start), extract(epoch from p_end)), 'UTF8')), 'hex');

  select * into wallet from wallets w where w.id = p_wallet for update;
  if not found then
    raise exception 'quota_renew: there is no wallet %', p_wallet using errcode = 'P0002';
  end if;
  v_rest := wallet.available - wallet.lasting;

  select * into earlier from quota_transfers t where t.key = p_key;
  if found then
    return query select case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end,
      wallet.available, wallet.held, 0;
    return;
  end if;
  if p_start <= wallet.period_start then
    return query select 'stale', wallet.available, wallet.held, 0;
    return;
  end if;

  if v_rest > 0 then
    insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
      values (p_at, p_wallet, 'expire', 'available', 'expired', v_rest, 0, p_reference, p_key || ':rest', v_hash);
  end if;
  insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
    values (p_at, p_wallet, 'grant', 'source', 'available', p_amount, 0, p_reference, p_key, v_hash);
  return query update wallets w set
    granted = w.granted + p_amount,
    available = w.lasting + p_amount,
    expired = w.expired + v_rest,
    period_start = p_start,
    period_end = p_end
    where w.id = p_wallet
    returning 'applied', w.available, w.held, v_rest;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only: % is refused', tg_table_name, tg_op using errcode = '42501';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_merged_account()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  v_merged text;
begin
  -- Locked before it is looked at: what was merged meanwhile is seen.
  select a.merged_into into v_merged from accounts a where a.id = new.account_id for key share;
  if v_merged is not null then
    raise exception 'account % is part of % now', new.account_id, v_merged using errcode = 'JL001';
  end if;
  return new;
end $function$;

CREATE TRIGGER access_tokens_not_merged BEFORE INSERT ON public.access_tokens FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER agent_usage_not_merged BEFORE INSERT ON public.agent_usage FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER approval_cards_not_merged BEFORE INSERT ON public.approval_cards FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER approvals_not_merged BEFORE INSERT ON public.approvals FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER channels_not_merged BEFORE INSERT ON public.channels FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER checkouts_not_merged BEFORE INSERT ON public.checkouts FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER compensations_not_merged BEFORE INSERT ON public.compensations FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER conversations_not_merged BEFORE INSERT ON public.conversations FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER customers_not_merged BEFORE INSERT ON public.customers FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER drafts_not_merged BEFORE INSERT ON public.drafts FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER identities_not_merged BEFORE INSERT ON public.identities FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER notices_not_merged BEFORE INSERT ON public.notices FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER oauth_states_not_merged BEFORE INSERT ON public.oauth_states FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER pictures_not_merged BEFORE INSERT ON public.pictures FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER progress_messages_not_merged BEFORE INSERT ON public.progress_messages FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER publications_not_merged BEFORE INSERT ON public.publications FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER purchases_not_merged BEFORE INSERT ON public.purchases FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER quota_transfers_append_only BEFORE DELETE OR UPDATE ON public.quota_transfers FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER quota_transfers_no_truncate BEFORE TRUNCATE ON public.quota_transfers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER quotes_not_merged BEFORE INSERT ON public.quotes FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER saved_trends_not_merged BEFORE INSERT ON public.saved_trends FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER subscriptions_not_merged BEFORE INSERT ON public.subscriptions FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER trend_forecasts_not_merged BEFORE INSERT ON public.trend_forecasts FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER trend_searches_not_merged BEFORE INSERT ON public.trend_searches FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER videos_not_merged BEFORE INSERT ON public.videos FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER waiting_actions_not_merged BEFORE INSERT ON public.waiting_actions FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();

CREATE TRIGGER watches_not_merged BEFORE INSERT ON public.watches FOR EACH ROW EXECUTE FUNCTION refuse_merged_account();
