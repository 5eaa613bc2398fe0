package postings

// schema is described in DESIGN.md. Steps are only ever added at the end.
var schema = []string{`
CREATE TABLE post_posting (
	id              {{text}} PRIMARY KEY,
	source          {{text}} NOT NULL,
	ref             {{text}} NOT NULL,
	gen             {{int}} NOT NULL,           -- counts the ids that the same source and ref have had
	status          {{text}} NOT NULL,
	revision        {{int}} NOT NULL,           -- of the newest content
	live            {{int}} NOT NULL,           -- the revision that is on the board, or 0
	approved        {{int}} NOT NULL,           -- the revision that was approved last, or 0
	refreshed       {{int}} NOT NULL,           -- Unix seconds; 0 not said
	live_refreshed  {{int}} NOT NULL,
	origin          {{blob}} NOT NULL,          -- hash of what the source said last, without dates
	origin_valid    {{int}} NOT NULL,           -- Unix seconds
	findings        {{text}} NOT NULL,          -- JSON, of the newest content
	blocked         {{bool}} NOT NULL,
	submitted_by    {{text}} NOT NULL,
	submitted       {{int}} NOT NULL,           -- Unix milliseconds, as all that follow
	edited_by       {{text}} NOT NULL,
	approved_by     {{text}} NOT NULL,
	created         {{int}} NOT NULL,
	first_published {{int}} NOT NULL,           -- 0: no terminal has ever had it
	ended           {{int}} NOT NULL,
	ended_by        {{text}} NOT NULL,
	why             {{text}} NOT NULL,          -- it was closed, revoked or handed back
	cluster         {{text}} NOT NULL,          -- those of one cluster are one offer; '' alone
	seen            {{int}} NOT NULL,           -- the source's last run that had it
	tick            {{int}} NOT NULL,           -- when the public last saw a change of it
	UNIQUE (source, ref, gen)
);
CREATE INDEX post_posting_status ON post_posting (status, submitted, id);
CREATE INDEX post_posting_tick ON post_posting (tick, id);
CREATE INDEX post_posting_cluster ON post_posting (cluster) WHERE cluster <> '';
CREATE TABLE post_body (
	posting   {{text}} NOT NULL REFERENCES post_posting (id),
	revision  {{int}} NOT NULL,
	body      {{blob}} NOT NULL,                -- as in sync/wire
	title     {{text}} NOT NULL,
	employer  {{text}} NOT NULL,
	channel   {{text}} NOT NULL,
	trade     {{text}} NOT NULL,
	area      {{text}} NOT NULL,
	lat       DOUBLE PRECISION NOT NULL,
	lon       DOUBLE PRECISION NOT NULL,
	published {{int}} NOT NULL,                 -- Unix seconds
	valid     {{int}} NOT NULL,                 -- Unix seconds
	PRIMARY KEY (posting, revision)
);
CREATE INDEX post_body_trade ON post_body (trade);
CREATE TABLE post_step (
	id       {{serial}},
	posting  {{text}} NOT NULL REFERENCES post_posting (id),
	at       {{int}} NOT NULL,
	who      {{text}} NOT NULL,
	what     {{text}} NOT NULL,
	revision {{int}} NOT NULL,
	status   {{text}} NOT NULL,                 -- after it
	note     {{text}} NOT NULL
);
CREATE INDEX post_step_posting ON post_step (posting, id);
CREATE TABLE post_source (
	source    {{text}} PRIMARY KEY,
	run       {{int}} NOT NULL,
	imported  {{int}} NOT NULL,                 -- Unix milliseconds
	complete  {{int}} NOT NULL,                 -- the last time that all of it was read
	report    {{text}} NOT NULL                 -- JSON
);
CREATE TABLE post_clock (id {{int}} PRIMARY KEY, tick {{int}} NOT NULL);
INSERT INTO post_clock (id, tick) VALUES (1, 0);
`}
