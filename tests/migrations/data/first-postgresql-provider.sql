CREATE TABLE public.access_tokens (
    token_hash text NOT NULL,
    grant_id text,
    scope text NOT NULL,
    issued_at bigint NOT NULL,
    expires_at double precision NOT NULL
);
CREATE TABLE public.armed_faults (
    name text NOT NULL,
    target text NOT NULL,
    times integer NOT NULL,
    armed_at double precision NOT NULL
);
CREATE TABLE public.attempts (
    message_id text NOT NULL,
    endpoint_url text NOT NULL,
    number integer NOT NULL,
    at double precision NOT NULL,
    ms double precision NOT NULL,
    status integer,
    reason text NOT NULL,
    "timestamp" bigint NOT NULL,
    answer text NOT NULL
);
CREATE TABLE public.authorization_codes (
    code_hash text NOT NULL,
    grant_id text,
    redirect_uri text NOT NULL,
    nonce text,
    code_challenge text NOT NULL,
    expires_at double precision NOT NULL,
    taken boolean NOT NULL
);
CREATE TABLE public.checkouts (
    checkout_id text NOT NULL,
    client_id text NOT NULL,
    idempotency_key text NOT NULL,
    order_ref text NOT NULL,
    description text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    return_url text NOT NULL,
    status text NOT NULL,
    created_at double precision NOT NULL,
    expires_at double precision NOT NULL
);
CREATE TABLE public.commit_statuses (
    repository text NOT NULL,
    commit text NOT NULL,
    client_id text NOT NULL,
    state text NOT NULL,
    description text NOT NULL,
    reported_at double precision NOT NULL
);
CREATE TABLE public.commits (
    repository text NOT NULL,
    commit text NOT NULL,
    pushed_at double precision NOT NULL
);
CREATE TABLE public.consents (
    sub text NOT NULL,
    client_id text NOT NULL,
    scope text NOT NULL,
    given_at double precision NOT NULL
);
CREATE TABLE public.deliveries (
    message_id text NOT NULL,
    endpoint_url text NOT NULL,
    status text NOT NULL,
    tries integer NOT NULL,
    replayed_at integer NOT NULL,
    as_of bigint,
    due_at double precision NOT NULL,
    settled_at double precision,
    reason text NOT NULL
);
CREATE TABLE public.endpoints (
    url text NOT NULL,
    secret_jwe text NOT NULL,
    previous_jwe text,
    previous_until double precision,
    events json NOT NULL,
    origin text NOT NULL,
    disabled text NOT NULL,
    paused_until double precision NOT NULL,
    created_at double precision NOT NULL
);
CREATE TABLE public.events (
    message_id text NOT NULL,
    type text NOT NULL,
    body bytea NOT NULL,
    created_at double precision NOT NULL
);
CREATE TABLE public.grants (
    grant_id text NOT NULL,
    client_id text NOT NULL,
    sub text NOT NULL,
    sid text NOT NULL,
    session_ref text NOT NULL,
    scope text NOT NULL,
    claims json NOT NULL,
    auth_time bigint NOT NULL,
    revoked boolean NOT NULL,
    expires_at double precision NOT NULL
);
CREATE TABLE public.interactions (
    id_hash text NOT NULL,
    parameters_jwe text NOT NULL,
    browser_hash text NOT NULL,
    created_at double precision NOT NULL
);
CREATE TABLE public.job_counts (
    client_id text NOT NULL,
    kind text NOT NULL,
    finished integer NOT NULL
);
CREATE TABLE public.jobs (
    job_id text NOT NULL,
    client_id text NOT NULL,
    idempotency_key text NOT NULL,
    kind text NOT NULL,
    callback_url text NOT NULL,
    reference text NOT NULL,
    status text NOT NULL,
    tries integer NOT NULL,
    due_at double precision NOT NULL,
    created_at double precision NOT NULL,
    finished_at double precision,
    result json
);
CREATE TABLE public.provider_sessions (
    id_hash text NOT NULL,
    session_ref text NOT NULL,
    sub text NOT NULL,
    auth_time double precision NOT NULL,
    expires_at double precision NOT NULL
);
CREATE TABLE public.pushed_requests (
    uri_hash text NOT NULL,
    client_id text NOT NULL,
    parameters_jwe text NOT NULL,
    expires_at double precision NOT NULL
);
CREATE TABLE public.refresh_tokens (
    token_hash text NOT NULL,
    grant_id text,
    issued_at bigint NOT NULL,
    expires_at double precision NOT NULL,
    taken boolean NOT NULL
);
CREATE TABLE public.registered_clients (
    client_id text NOT NULL,
    registration_jwe text NOT NULL,
    created_at double precision NOT NULL
);
CREATE TABLE public.schedule_runs (
    schedule_id text NOT NULL,
    due_at double precision NOT NULL,
    ran_at double precision NOT NULL,
    message_id text NOT NULL
);
CREATE TABLE public.schedules (
    schedule_id text NOT NULL,
    every text NOT NULL,
    event_type text NOT NULL,
    data json NOT NULL,
    next_at double precision NOT NULL,
    created_at double precision NOT NULL
);
CREATE TABLE public.signing_keys (
    kid text NOT NULL,
    alg text NOT NULL,
    public_jwk json NOT NULL,
    private_jwe text NOT NULL,
    created_at double precision NOT NULL,
    retired_at double precision
);
INSERT INTO public.access_tokens VALUES ('003c9c3b11f278bde44c22784a2dc41f2f4328a197914490914917a7460b8eba', 'twtgWzT-Kb-9sXNtq9KTgw', 'openid profile email', 1790000000, 1790003600);
INSERT INTO public.access_tokens VALUES ('0e0a90567b6a81d727fb9e3e877b883248bee34a90a62732ae0649da58d21e1b', '-sMdcMLiw80jRVGNjKNyUw', 'openid offline_access', 1790000000, 1790003600);
INSERT INTO public.attempts VALUES ('msg_H8GRVgnDxVlfPyJVFdMXFQ', 'http://localhost:5000/webhooks/demo', 1, 1790000000, 0, 204, '', 1790000000, '');
INSERT INTO public.attempts VALUES ('msg_HL6UT8xEurloUxWI-ZZ4Cw', 'http://localhost:5000/webhooks/demo', 1, 1790000000, 0, 204, '', 1790000000, '');
INSERT INTO public.attempts VALUES ('msg_HJUGVF8Kl-Od8JWXUS8VmA', 'http://localhost:5000/webhooks/demo', 1, 1790000000, 0, 204, '', 1790000000, '');
INSERT INTO public.authorization_codes VALUES ('1252474878e7991243b8d87ef92d04db61148ea784c3fdbac7844a46e53991ab', 'twtgWzT-Kb-9sXNtq9KTgw', 'http://localhost:5000/callback/demo', '8qkAXWVI2ScNDG6XH4NvEbmh1qib-qUUsojz68a1Tt8', 'tNpEMDkeL5d45AiOUX_Xu_KQuLVwKlMIwd9mM1WMSpA', 1790000060, true);
INSERT INTO public.authorization_codes VALUES ('aa80b7e6afcc561dfaa873dae3bdfd277940c290b0931cf63661b8cb400917a4', 'gbRlQiTqBICQYpAEeMfkhw', 'http://localhost:5000/callback/demo', '0kAlzI-re0gBaoUoUlJwkGn0KJFK1pUdyY-FevMVIys', 'U4vNYLodLyIyXS_XgQ7hbt-E7rQlNldOMXYSeva-0XQ', 1790000060, false);
INSERT INTO public.authorization_codes VALUES ('3f04a2622e3b7e8ccfd022422d4b2f6ed02e8cb4dcb842970ca0ec7b6bd93094', '-sMdcMLiw80jRVGNjKNyUw', 'http://127.0.0.1:9000/cb', 'n', '7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM', 1790000060, true);
INSERT INTO public.commit_statuses VALUES ('demo', '82d0b95f0cd59b45c7c6f3525089bafe286594b5', 'web', 'success', 'built by http://localhost:5000', 1790000000);
INSERT INTO public.commits VALUES ('demo', '82d0b95f0cd59b45c7c6f3525089bafe286594b5', 1790000000);
INSERT INTO public.consents VALUES ('alice', 'web', 'email openid profile', 1790000000);
INSERT INTO public.consents VALUES ('alice', 'other', 'offline_access openid', 1790000000);
INSERT INTO public.deliveries VALUES ('msg_H8GRVgnDxVlfPyJVFdMXFQ', 'http://localhost:5000/webhooks/demo', 'delivered', 1, 0, NULL, 1790000000, 1790000000, '');
INSERT INTO public.deliveries VALUES ('msg_HL6UT8xEurloUxWI-ZZ4Cw', 'http://localhost:5000/webhooks/demo', 'delivered', 1, 0, NULL, 1790000000, 1790000000, '');
INSERT INTO public.deliveries VALUES ('msg_HJUGVF8Kl-Od8JWXUS8VmA', 'http://localhost:5000/webhooks/demo', 'delivered', 1, 0, NULL, 1790000000, 1790000000, '');
INSERT INTO public.deliveries VALUES ('msg_C-FzT2zbCe6xBAGboXAUaw', 'http://localhost:5000/webhooks/demo', 'pending', 0, 0, NULL, 1790000000, NULL, '');
INSERT INTO public.deliveries VALUES ('msg_Qj8xqoRhXjZodatebCSK-g', 'http://localhost:5000/webhooks/demo', 'pending', 0, 0, NULL, 1790000000, NULL, '');
INSERT INTO public.deliveries VALUES ('msg_dVP0BgH-gsYaVj-vgPehpw', 'http://localhost:5000/webhooks/demo', 'pending', 0, 0, NULL, 1790000000, NULL, '');
INSERT INTO public.endpoints VALUES ('http://localhost:5000/webhooks/demo', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..OCjxNHR1lJ_fPEKV.DaGrR48uWeySe-Nx3ETRDvKLqAPdF2IdC_UMs9AIpdw_f4UjeK8.PoLT-K9hNyDGKZ7S5C5Ipw', NULL, NULL, '["session.created","push"]', 'settings', '', 0, 1790000000);
INSERT INTO public.events VALUES ('msg_H8GRVgnDxVlfPyJVFdMXFQ', 'session.created', '\x7b2274797065223a2273657373696f6e2e63726561746564222c2274696d657374616d70223a22323032362d30392d32315431343a31333a32302e3030302b30303a3030222c2264617461223a7b22737562223a22616c696365222c22736964223a2238493443745944347771614f66797837724d55307377222c22636c69656e745f6964223a22776562222c22617574685f74696d65223a313739303030303030307d7d', 1790000000);
INSERT INTO public.events VALUES ('msg_HL6UT8xEurloUxWI-ZZ4Cw', 'push', '\x7b2274797065223a2270757368222c2274696d657374616d70223a22323032362d30392d32315431343a31333a32302e3030302b30303a3030222c2264617461223a7b227265706f7369746f7279223a2264656d6f222c22636f6d6d6974223a2238326430623935663063643539623435633763366633353235303839626166653238363539346235222c2273746174757365735f75726c223a22687474703a2f2f3132372e302e302e313a353030312f7265706f732f64656d6f2f73746174757365732f38326430623935663063643539623435633763366633353235303839626166653238363539346235227d7d', 1790000000);
INSERT INTO public.events VALUES ('msg_HJUGVF8Kl-Od8JWXUS8VmA', 'session.created', '\x7b2274797065223a2273657373696f6e2e63726561746564222c2274696d657374616d70223a22323032362d30392d32315431343a31333a32302e3030302b30303a3030222c2264617461223a7b22736964223a226b6570742c206e6f742070726f636573736564222c22737562223a22616c696365222c22697373223a22687474703a2f2f3132372e302e302e313a35303031227d7d', 1790000000);
INSERT INTO public.events VALUES ('msg_C-FzT2zbCe6xBAGboXAUaw', 'session.created', '\x7b2274797065223a2273657373696f6e2e63726561746564222c2274696d657374616d70223a22323032362d30392d32315431343a31333a32302e3030302b30303a3030222c2264617461223a7b22736964223a226e6f742064656c697665726564222c22737562223a22616c696365222c22697373223a22687474703a2f2f3132372e302e302e313a35303031227d7d', 1790000000);
INSERT INTO public.events VALUES ('msg_Qj8xqoRhXjZodatebCSK-g', 'session.created', '\x7b2274797065223a2273657373696f6e2e63726561746564222c2274696d657374616d70223a22323032362d30392d32315431343a31333a32302e3030302b30303a3030222c2264617461223a7b22737562223a22616c696365222c22736964223a22434c4c3358646d4c536357744e584d3862334f585641222c22636c69656e745f6964223a22776562222c22617574685f74696d65223a313739303030303030307d7d', 1790000000);
INSERT INTO public.events VALUES ('msg_dVP0BgH-gsYaVj-vgPehpw', 'session.created', '\x7b2274797065223a2273657373696f6e2e63726561746564222c2274696d657374616d70223a22323032362d30392d32315431343a31333a32302e3030302b30303a3030222c2264617461223a7b22737562223a22616c696365222c22736964223a226d5347347958686b493157416a324434667554594c41222c22636c69656e745f6964223a226f74686572222c22617574685f74696d65223a313739303030303030307d7d', 1790000000);
INSERT INTO public.grants VALUES ('twtgWzT-Kb-9sXNtq9KTgw', 'web', 'alice', '8I4CtYD4wqaOfyx7rMU0sw', 'adf9b4ac3bad702c17866cbb8415dbe4', 'openid profile email', '{"id_token":[],"userinfo":[]}', 1790000000, false, 1790028800);
INSERT INTO public.grants VALUES ('gbRlQiTqBICQYpAEeMfkhw', 'web', 'alice', 'CLL3XdmLScWtNXM8b3OXVA', 'adf9b4ac3bad702c17866cbb8415dbe4', 'openid profile email', '{"id_token":[],"userinfo":[]}', 1790000000, false, 1790028800);
INSERT INTO public.grants VALUES ('-sMdcMLiw80jRVGNjKNyUw', 'other', 'alice', 'mSG4yXhkI1WAj2D4fuTYLA', '83772b5aca378201b1bde24bf9c27da0', 'openid offline_access', '{"id_token":[],"userinfo":[]}', 1790000000, false, 1792592000);
INSERT INTO public.interactions VALUES ('9a3a328f9004f9a95cafc1cd69b3b9ebb3761427dd8dcd3dc6590bc07caeed68', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..1iUNZWVJ1D8JkBAX.6oT7R4ZSry752Py0vDSKA9L-uqk9yr9QU57NjObrJHNn4c47sQgqlEAUA9sXTtxF72t2Zvq33Jn7diPM8JRq5W7lqUAJ5cy9sPvkdfSTPJIC3EEzjSM6-bDcoFjoZRSQSnWxxgdSxv-AAjY0bGlQTttxpBZyc_PpTPtdo1uOFvoetUO1tdtBNG-_xykg7W55wOShrkPOXzJM2Tah1OubYc2tGHQs8GUtf1bJYHIgFamwmJ_z_9lhb-jtYpMd5nIa60K-8Bnk3A0FOTIsBDD_Jq-SmQqg65pjDD78wz7aGT4d0yJ6gFKZCw8IhU5I6yMMXB6dx-rvkXDZbuno5Fv-J_A69yUsVeqGnaXKMMLIfopsA8HXQSSjamcn2rAPPskAqolY-zt56jJggGkizHwella7mOoQT_ffesnKnoKiaooAGVR855-Eamir-g8d0d1Mxbm9-rjEAfgfXDfz1-hGfABEyDLZFnuWpXzTaMHMERHsL-FwB3hecNf4OdbMIzHYZd7M.bDw4LEQivIf4gv3o0d_GLw', '79f31badefb83ce154f21c3d694a051901357822f5a5e0b8d0013200465052e1', 1790000000);
INSERT INTO public.provider_sessions VALUES ('47eabd1a8f47a9d5ef3e85466c8e252dd802b432cffb11693ab8901c0acd8285', 'adf9b4ac3bad702c17866cbb8415dbe4', 'alice', 1790000000, 1790028800);
INSERT INTO public.provider_sessions VALUES ('599d5d1e4b9945e8f072264be58ce363991bf5d68a48fc9fda8512253b114331', '83772b5aca378201b1bde24bf9c27da0', 'alice', 1790000000, 1790028800);
INSERT INTO public.refresh_tokens VALUES ('091a606e80e2ed3d6c56eb8622f06353bee0590a3f9e8b2307515d8f1aab5950', '-sMdcMLiw80jRVGNjKNyUw', 1790000000, 1792592000, false);
INSERT INTO public.signing_keys VALUES ('20yhqxiR0SAAV1p0Nn6flmEDl1xXGmIrJapyPwUGwRI', 'ES256', '{"crv":"P-256","x":"Si1guCmBmSiqdKjrhe2Jl2PbAMV9ZEukWzGeQEBnnUw","y":"BIabEwR2ZiikhKQBtXwROXs1JVTVOmpc2-JQUrxMGdA","kty":"EC","use":"sig","alg":"ES256","kid":"20yhqxiR0SAAV1p0Nn6flmEDl1xXGmIrJapyPwUGwRI"}', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..oqw90ZrDWztLvPmh.gHlPZZLsiRhmGiN0qma0WP7NLxLmgH1OeH4PpM04x49gCU7G7owlvXH7-Y5oIdb5SVzRU_MmIuxEw4vzj7M5Iy1bqXPjNI7G0GIMXlitAh0fyv5ooa6Tm7oHRStBXnhPGph4zdmhEApMSu645Q6i_PNMEznybdj_PpOVApop1QJeb580koXZBXVcA9L0xLQ1Cz5hn7Lwcd-lAJFE3CFdkC_sj258pfeUZihRaEf6RWubBq63Rc4Uj2U.rqR-LtUISsWzpPAEOmdy_Q', 1790000000, NULL);
ALTER TABLE ONLY public.access_tokens
    ADD CONSTRAINT access_tokens_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.armed_faults
    ADD CONSTRAINT armed_faults_pkey PRIMARY KEY (name, target);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (message_id, endpoint_url, number);
ALTER TABLE ONLY public.authorization_codes
    ADD CONSTRAINT authorization_codes_pkey PRIMARY KEY (code_hash);
ALTER TABLE ONLY public.checkouts
    ADD CONSTRAINT checkouts_client_id_idempotency_key_key UNIQUE (client_id, idempotency_key);
ALTER TABLE ONLY public.checkouts
    ADD CONSTRAINT checkouts_pkey PRIMARY KEY (checkout_id);
ALTER TABLE ONLY public.commit_statuses
    ADD CONSTRAINT commit_statuses_pkey PRIMARY KEY (repository, commit, client_id);
ALTER TABLE ONLY public.commits
    ADD CONSTRAINT commits_pkey PRIMARY KEY (repository, commit);
ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_pkey PRIMARY KEY (sub, client_id);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (message_id, endpoint_url);
ALTER TABLE ONLY public.endpoints
    ADD CONSTRAINT endpoints_pkey PRIMARY KEY (url);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (message_id);
ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_pkey PRIMARY KEY (grant_id);
ALTER TABLE ONLY public.interactions
    ADD CONSTRAINT interactions_pkey PRIMARY KEY (id_hash);
ALTER TABLE ONLY public.job_counts
    ADD CONSTRAINT job_counts_pkey PRIMARY KEY (client_id, kind);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_client_id_idempotency_key_key UNIQUE (client_id, idempotency_key);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (job_id);
ALTER TABLE ONLY public.provider_sessions
    ADD CONSTRAINT provider_sessions_pkey PRIMARY KEY (id_hash);
ALTER TABLE ONLY public.provider_sessions
    ADD CONSTRAINT provider_sessions_session_ref_key UNIQUE (session_ref);
ALTER TABLE ONLY public.pushed_requests
    ADD CONSTRAINT pushed_requests_pkey PRIMARY KEY (uri_hash);
ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.registered_clients
    ADD CONSTRAINT registered_clients_pkey PRIMARY KEY (client_id);
ALTER TABLE ONLY public.schedule_runs
    ADD CONSTRAINT schedule_runs_pkey PRIMARY KEY (schedule_id, due_at);
ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (schedule_id);
ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (kid);
CREATE INDEX deliveries_due ON public.deliveries USING btree (status, due_at);
CREATE INDEX deliveries_queue ON public.deliveries USING btree (status, endpoint_url, due_at);
CREATE INDEX ix_access_tokens_expires_at ON public.access_tokens USING btree (expires_at);
CREATE INDEX ix_access_tokens_grant_id ON public.access_tokens USING btree (grant_id);
CREATE INDEX ix_authorization_codes_grant_id ON public.authorization_codes USING btree (grant_id);
CREATE INDEX ix_checkouts_expires_at ON public.checkouts USING btree (expires_at);
CREATE INDEX ix_commits_pushed_at ON public.commits USING btree (pushed_at);
CREATE INDEX ix_grants_expires_at ON public.grants USING btree (expires_at);
CREATE INDEX ix_grants_session_ref ON public.grants USING btree (session_ref);
CREATE INDEX ix_interactions_created_at ON public.interactions USING btree (created_at);
CREATE INDEX ix_provider_sessions_expires_at ON public.provider_sessions USING btree (expires_at);
CREATE INDEX ix_pushed_requests_expires_at ON public.pushed_requests USING btree (expires_at);
CREATE INDEX ix_refresh_tokens_grant_id ON public.refresh_tokens USING btree (grant_id);
CREATE INDEX ix_schedules_next_at ON public.schedules USING btree (next_at);
CREATE INDEX jobs_due ON public.jobs USING btree (status, due_at);
ALTER TABLE ONLY public.access_tokens
    ADD CONSTRAINT access_tokens_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES public.grants(grant_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.authorization_codes
    ADD CONSTRAINT authorization_codes_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES public.grants(grant_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_message_id_fkey FOREIGN KEY (message_id) REFERENCES public.events(message_id);
ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES public.grants(grant_id) ON DELETE CASCADE;
