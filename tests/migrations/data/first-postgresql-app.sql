CREATE TABLE public.announced_sessions (
    source text NOT NULL,
    sid text NOT NULL,
    sub text NOT NULL,
    message_id text NOT NULL,
    announced_at double precision NOT NULL
);
CREATE TABLE public.app_sessions (
    id_hash text NOT NULL,
    provider text NOT NULL,
    issuer text NOT NULL,
    sub text NOT NULL,
    sid text,
    claims json NOT NULL,
    end_session_endpoint text,
    created_at double precision NOT NULL,
    expires_at double precision NOT NULL
);
CREATE TABLE public.armed_faults (
    name text NOT NULL,
    target text NOT NULL,
    times integer NOT NULL,
    armed_at double precision NOT NULL
);
CREATE TABLE public.bins (
    bin_id text NOT NULL,
    status integer NOT NULL,
    content_type text NOT NULL,
    headers json NOT NULL,
    body text NOT NULL,
    delay double precision NOT NULL,
    failures integer NOT NULL,
    failing_status integer NOT NULL,
    came integer NOT NULL,
    created_at double precision NOT NULL
);
CREATE TABLE public.builds (
    source text NOT NULL,
    repository text NOT NULL,
    commit text NOT NULL,
    statuses_url text NOT NULL,
    message_id text NOT NULL,
    created_at double precision NOT NULL,
    state text,
    status text NOT NULL,
    tries integer NOT NULL,
    due_at double precision NOT NULL,
    settled_at double precision,
    reason text NOT NULL
);
CREATE TABLE public.exports (
    export_id text NOT NULL,
    provider text NOT NULL,
    job_id text,
    job_url text,
    created_at double precision NOT NULL,
    status text NOT NULL,
    tries integer NOT NULL,
    polls integer NOT NULL,
    failures integer NOT NULL,
    due_at double precision NOT NULL,
    reason text NOT NULL,
    learnt_by text,
    learnt_at double precision,
    result json,
    finished_at double precision,
    callback_at double precision,
    callback_message text,
    polled_at double precision
);
CREATE TABLE public.inbox (
    source text NOT NULL,
    message_id text NOT NULL,
    "timestamp" bigint,
    event_type text NOT NULL,
    body bytea NOT NULL,
    received_at double precision NOT NULL,
    status text NOT NULL,
    tries integer NOT NULL,
    due_at double precision NOT NULL,
    settled_at double precision,
    reason text NOT NULL
);
CREATE TABLE public.logout_tokens (
    issuer text NOT NULL,
    jti text NOT NULL,
    expires_at double precision NOT NULL
);
CREATE TABLE public.order_news (
    source text NOT NULL,
    message_id text NOT NULL,
    order_id text NOT NULL,
    event_type text NOT NULL,
    effect text NOT NULL,
    at double precision NOT NULL
);
CREATE TABLE public.orders (
    order_id text NOT NULL,
    buyer_hash text NOT NULL,
    article text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    source text NOT NULL,
    created_at double precision NOT NULL,
    status text NOT NULL,
    checkout_id text,
    checkout_url text,
    settled_by text,
    settled_at double precision
);
CREATE TABLE public.pending_logins (
    state_hash text NOT NULL,
    provider text NOT NULL,
    issuer text NOT NULL,
    redirect_uri text NOT NULL,
    nonce text NOT NULL,
    code_verifier text NOT NULL,
    browser_hash text NOT NULL,
    next text NOT NULL,
    created_at double precision NOT NULL
);
INSERT INTO public.announced_sessions VALUES ('demo', '8I4CtYD4wqaOfyx7rMU0sw', 'alice', 'msg_H8GRVgnDxVlfPyJVFdMXFQ', 1790000000);
INSERT INTO public.app_sessions VALUES ('528b0b94de6818ceb579144b7881d6a340473d4ce3ccdab13780dd1b134e1414', 'demo', 'http://127.0.0.1:5001', 'alice', '8I4CtYD4wqaOfyx7rMU0sw', '{}', 'http://127.0.0.1:5001/logout', 1790000000, 1790028800);
INSERT INTO public.builds VALUES ('demo', 'demo', '82d0b95f0cd59b45c7c6f3525089bafe286594b5', 'http://127.0.0.1:5001/repos/demo/statuses/82d0b95f0cd59b45c7c6f3525089bafe286594b5', 'msg_HL6UT8xEurloUxWI-ZZ4Cw', 1790000000, 'success', 'reported', 1, 1790000015, 1790000000, '');
INSERT INTO public.inbox VALUES ('demo', 'msg_H8GRVgnDxVlfPyJVFdMXFQ', 1790000000, 'session.created', '\x7b2274797065223a2273657373696f6e2e63726561746564222c2274696d657374616d70223a22323032362d30392d32315431343a31333a32302e3030302b30303a3030222c2264617461223a7b22737562223a22616c696365222c22736964223a2238493443745944347771614f66797837724d55307377222c22636c69656e745f6964223a22776562222c22617574685f74696d65223a313739303030303030307d7d', 1790000000, 'done', 1, 1790000000, 1790000000, '');
INSERT INTO public.inbox VALUES ('demo', 'msg_HL6UT8xEurloUxWI-ZZ4Cw', 1790000000, 'push', '\x7b2274797065223a2270757368222c2274696d657374616d70223a22323032362d30392d32315431343a31333a32302e3030302b30303a3030222c2264617461223a7b227265706f7369746f7279223a2264656d6f222c22636f6d6d6974223a2238326430623935663063643539623435633763366633353235303839626166653238363539346235222c2273746174757365735f75726c223a22687474703a2f2f3132372e302e302e313a353030312f7265706f732f64656d6f2f73746174757365732f38326430623935663063643539623435633763366633353235303839626166653238363539346235227d7d', 1790000000, 'done', 1, 1790000000, 1790000000, '');
INSERT INTO public.inbox VALUES ('demo', 'msg_HJUGVF8Kl-Od8JWXUS8VmA', 1790000000, 'session.created', '\x7b2274797065223a2273657373696f6e2e63726561746564222c2274696d657374616d70223a22323032362d30392d32315431343a31333a32302e3030302b30303a3030222c2264617461223a7b22736964223a226b6570742c206e6f742070726f636573736564222c22737562223a22616c696365222c22697373223a22687474703a2f2f3132372e302e302e313a35303031227d7d', 1790000000, 'pending', 0, 1790000000, NULL, '');
INSERT INTO public.pending_logins VALUES ('1cbee7e9956b0e81754fe67fa31f23f3f04caac08e0b660b85d6ad74aeb09734', 'demo', 'http://127.0.0.1:5001', 'http://localhost:5000/callback/demo', 'N-aQ5EG3Mv_MC79bCGL16c-OFQtvlXGOskWSxkHCuf0', 'gs0LoC27jbj0Ha88cEd2jkZ27J0ERcZc0OLeTSmoW3hOmu6jvLYmqQeFEN4WkaRK', '05f050727e78b1db301ad45563f659bca2440d2746bfb3cf42299581b9d02f34', '/', 1790000000);
INSERT INTO public.pending_logins VALUES ('4af6a54f895cc9b7d508006c48d2380a6e1fda6f681ab101fa0b034ffb626973', 'demo', 'http://127.0.0.1:5001', 'http://localhost:5000/callback/demo', '0kAlzI-re0gBaoUoUlJwkGn0KJFK1pUdyY-FevMVIys', 'UseobQnB4Mp8nXipZEYSr0cT4G8dNKolB9OMWo4VDIFUb5kYQDPS70xciJl86cre', '4c755b50cfdf5f28db6587bbbe58c6d6b69884ff2bbc24d62b9e4448b372f03d', '/', 1790000000);
ALTER TABLE ONLY public.announced_sessions
    ADD CONSTRAINT announced_sessions_pkey PRIMARY KEY (source, sid);
ALTER TABLE ONLY public.app_sessions
    ADD CONSTRAINT app_sessions_pkey PRIMARY KEY (id_hash);
ALTER TABLE ONLY public.armed_faults
    ADD CONSTRAINT armed_faults_pkey PRIMARY KEY (name, target);
ALTER TABLE ONLY public.bins
    ADD CONSTRAINT bins_pkey PRIMARY KEY (bin_id);
ALTER TABLE ONLY public.builds
    ADD CONSTRAINT builds_pkey PRIMARY KEY (source, repository, commit);
ALTER TABLE ONLY public.exports
    ADD CONSTRAINT exports_pkey PRIMARY KEY (export_id);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (source, message_id);
ALTER TABLE ONLY public.logout_tokens
    ADD CONSTRAINT logout_tokens_pkey PRIMARY KEY (issuer, jti);
ALTER TABLE ONLY public.order_news
    ADD CONSTRAINT order_news_pkey PRIMARY KEY (source, message_id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (order_id);
ALTER TABLE ONLY public.pending_logins
    ADD CONSTRAINT pending_logins_pkey PRIMARY KEY (state_hash);
CREATE INDEX builds_due ON public.builds USING btree (status, due_at);
CREATE INDEX exports_due ON public.exports USING btree (status, due_at);
CREATE INDEX inbox_due ON public.inbox USING btree (status, due_at);
CREATE INDEX ix_app_sessions_expires_at ON public.app_sessions USING btree (expires_at);
CREATE INDEX ix_app_sessions_sid ON public.app_sessions USING btree (sid);
CREATE INDEX ix_logout_tokens_expires_at ON public.logout_tokens USING btree (expires_at);
CREATE INDEX ix_order_news_order_id ON public.order_news USING btree (order_id);
CREATE INDEX ix_orders_buyer_hash ON public.orders USING btree (buyer_hash);
CREATE INDEX ix_orders_checkout_id ON public.orders USING btree (checkout_id);
CREATE INDEX ix_orders_created_at ON public.orders USING btree (created_at);
CREATE INDEX ix_pending_logins_created_at ON public.pending_logins USING btree (created_at);
