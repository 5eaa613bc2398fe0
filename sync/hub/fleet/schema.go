package fleet

// schema makes the tables. DESIGN.md says what stands in them. Times are Unix
// milliseconds, 0 for never; days are counted from 1970-01-01, Beijing time.
var schema = []string{`
CREATE TABLE fleet_site (
	id      {{text}} PRIMARY KEY,
	name    {{text}} NOT NULL,
	tier    {{text}} NOT NULL,
	area    {{text}} NOT NULL,
	lat     DOUBLE PRECISION NOT NULL,
	lon     DOUBLE PRECISION NOT NULL,
	phone   {{text}} NOT NULL,
	board   {{text}} NOT NULL -- the board that its terminals show
);
CREATE TABLE fleet_terminal (
	id         {{text}} PRIMARY KEY,
	site       {{text}} NOT NULL REFERENCES fleet_site (id),
	key        {{blob}} NOT NULL UNIQUE, -- ed25519, public: of its certificate and its batches
	enrolled   {{int}} NOT NULL,
	expires    {{int}} NOT NULL, -- of its newest certificate
	revoked    {{int}} NOT NULL DEFAULT 0,
	revoked_by {{text}} NOT NULL DEFAULT '',
	seen       {{int}} NOT NULL DEFAULT 0, -- a batch of it was taken, by whatever way
	stick      {{bool}} NOT NULL DEFAULT FALSE, -- the last one came on a stick
	skew       {{int}} NOT NULL DEFAULT 0, -- its clock less ours, milliseconds; of the network only
	status_at  {{int}} NOT NULL DEFAULT 0,
	status     {{text}} NOT NULL DEFAULT '', -- the newest one, JSON
	boots      {{int}} NOT NULL DEFAULT 0, -- different boots that were told of
	orders     {{text}} NOT NULL DEFAULT ''
);
CREATE INDEX fleet_terminal_site ON fleet_terminal (site);
CREATE TABLE fleet_revoked (
	key      {{blob}} PRIMARY KEY, -- never to be enrolled again
	terminal {{text}} NOT NULL,
	at       {{int}} NOT NULL
);
CREATE TABLE fleet_code (
	hash     {{blob}} PRIMARY KEY,
	terminal {{text}} NOT NULL,
	site     {{text}} NOT NULL REFERENCES fleet_site (id),
	made     {{int}} NOT NULL,
	made_by  {{text}} NOT NULL,
	expires  {{int}} NOT NULL,
	used     {{int}} NOT NULL DEFAULT 0
);
CREATE TABLE fleet_incarnation (
	id        {{serial}},
	terminal  {{text}} NOT NULL REFERENCES fleet_terminal (id),
	name      {{text}} NOT NULL,
	watermark {{int}} NOT NULL, -- there is a verdict for every record up to here
	highest   {{int}} NOT NULL, -- above the watermark when there is a gap
	rejected  {{int}} NOT NULL DEFAULT 0, -- records of it
	begun     {{int}} NOT NULL,
	UNIQUE (terminal, name)
);
CREATE TABLE fleet_record (
	incarnation {{int}} NOT NULL, -- no foreign key, see DESIGN.md
	seq         {{int}} NOT NULL,
	kind        {{text}} NOT NULL,
	code        {{text}} NOT NULL, -- why it was rejected; empty: it was taken
	at          {{int}} NOT NULL,
	received    {{int}} NOT NULL,
	PRIMARY KEY (incarnation, seq)
) {{without_rowid}};
CREATE TABLE fleet_referral (
	incarnation {{int}} NOT NULL, -- no foreign key, see DESIGN.md
	code        {{text}} NOT NULL,
	posting     {{text}} NOT NULL,
	site        {{text}} NOT NULL,
	issued      {{int}} NOT NULL, -- 0: what came later came first
	state       {{text}} NOT NULL,
	state_at    {{int}} NOT NULL,
	state_seq   {{int}} NOT NULL, -- the later record counts
	attempts    {{int}} NOT NULL,
	rating      {{text}} NOT NULL,
	rated       {{int}} NOT NULL,
	rating_seq  {{int}} NOT NULL,
	outcome     {{text}} NOT NULL DEFAULT '',
	outcome_at  {{int}} NOT NULL DEFAULT 0,
	outcome_by  {{text}} NOT NULL DEFAULT '',
	PRIMARY KEY (incarnation, code)
) {{without_rowid}};
CREATE INDEX fleet_referral_code ON fleet_referral (code);
CREATE INDEX fleet_referral_site ON fleet_referral (site, issued);
CREATE INDEX fleet_referral_outcome ON fleet_referral (incarnation, outcome_at) WHERE outcome <> '';
CREATE TABLE fleet_callback (
	id          {{serial}},
	terminal    {{text}} NOT NULL, -- what the number is sealed about; empty: a page of the hub
	incarnation {{text}} NOT NULL,
	seq         {{int}} NOT NULL,
	key         {{text}} NOT NULL,
	sealed      {{blob}}, -- the request, as it came; NULL: forgotten
	posting     {{text}} NOT NULL,
	site        {{text}} NOT NULL,
	consent     {{text}} NOT NULL,
	asked       {{int}} NOT NULL,
	opened      {{int}} NOT NULL DEFAULT 0, -- times that somebody looked
	answer      {{text}} NOT NULL DEFAULT '',
	closed      {{int}} NOT NULL DEFAULT 0,
	closed_by   {{text}} NOT NULL DEFAULT '',
	UNIQUE (terminal, incarnation, seq)
);
CREATE INDEX fleet_callback_site ON fleet_callback (site, asked);
CREATE TABLE fleet_complaint (
	incarnation {{int}} NOT NULL REFERENCES fleet_incarnation (id),
	seq         {{int}} NOT NULL,
	posting     {{text}} NOT NULL,
	site        {{text}} NOT NULL,
	why         {{text}} NOT NULL,
	at          {{int}} NOT NULL,
	PRIMARY KEY (incarnation, seq)
);
CREATE INDEX fleet_complaint_posting ON fleet_complaint (posting, at);
CREATE TABLE fleet_survey (
	incarnation {{int}} NOT NULL REFERENCES fleet_incarnation (id),
	seq         {{int}} NOT NULL,
	site        {{text}} NOT NULL,
	at          {{int}} NOT NULL,
	answers     {{text}} NOT NULL, -- JSON
	PRIMARY KEY (incarnation, seq)
);
CREATE TABLE fleet_count (
	terminal {{text}} NOT NULL,
	day      {{int}} NOT NULL,
	name     {{text}} NOT NULL, -- of a counter; empty: statuses that were taken
	site     {{text}} NOT NULL,
	n        {{int}} NOT NULL,
	PRIMARY KEY (terminal, day, name)
) {{without_rowid}};
CREATE INDEX fleet_count_day ON fleet_count (day);
CREATE TABLE fleet_empty (
	words    {{text}} NOT NULL,
	day      {{int}} NOT NULL,
	terminal {{text}} NOT NULL,
	site     {{text}} NOT NULL,
	PRIMARY KEY (words, day, terminal)
) {{without_rowid}};
CREATE INDEX fleet_empty_day ON fleet_empty (day);
`, saidSchema}
