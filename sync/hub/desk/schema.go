package desk

// schema is the desk's own: files that were uploaded and wait to be taken in or
// thrown away, who calls whom, and which complaints were looked into.
var schema = []string{`
CREATE TABLE desk_upload (
	id     {{text}} PRIMARY KEY,
	owner  {{text}} NOT NULL,   -- an account
	name   {{text}} NOT NULL,
	data   {{blob}} NOT NULL,
	asked  {{text}} NOT NULL,   -- JSON: what was said of it
	taken  {{text}} NOT NULL,   -- JSON: what became of it; '' nothing yet
	at     {{int}} NOT NULL     -- Unix milliseconds
);
CREATE TABLE desk_claim (
	callback {{int}} PRIMARY KEY,
	who      {{text}} NOT NULL,   -- name of the account that calls
	at       {{int}} NOT NULL
);
CREATE TABLE desk_settled (
	posting {{text}} NOT NULL,
	why     {{text}} NOT NULL,    -- the complaint
	who     {{text}} NOT NULL,
	note    {{text}} NOT NULL,
	at      {{int}} NOT NULL,     -- complaints up to then were looked into
	PRIMARY KEY (posting, why)
)`}
