package people

// schema is the part of the hub's database that belongs to this package.
var schema = []string{
	`CREATE TABLE people_account (
		id          {{text}} PRIMARY KEY,
		name        {{text}} NOT NULL UNIQUE,
		person      {{text}} NOT NULL,
		role        {{text}} NOT NULL,
		area        {{text}} NOT NULL,
		site        {{text}} NOT NULL,
		disabled    {{bool}} NOT NULL,
		must_change {{bool}} NOT NULL,
		password    {{text}} NOT NULL,
		failures    {{int}} NOT NULL,
		closed_till {{int}} NOT NULL,
		created     {{int}} NOT NULL,
		last_login  {{int}} NOT NULL
	)`,
	`CREATE TABLE people_session (
		hash    {{text}} PRIMARY KEY,
		account {{text}} NOT NULL REFERENCES people_account (id),
		created {{int}} NOT NULL,
		seen    {{int}} NOT NULL
	)`,
	`CREATE INDEX people_session_account ON people_session (account)`,
	`CREATE TABLE people_audit (
		seq     {{int}} PRIMARY KEY,
		at      {{int}} NOT NULL,
		actor   {{text}} NOT NULL,
		action  {{text}} NOT NULL,
		subject {{text}} NOT NULL,
		note    {{text}} NOT NULL,
		hash    {{text}} NOT NULL
	)`,
	// One row: where the log ends, and after which entry it begins.
	`CREATE TABLE people_audit_head (
		id        {{int}} PRIMARY KEY,
		seq       {{int}} NOT NULL,
		hash      {{text}} NOT NULL,
		from_seq  {{int}} NOT NULL,
		from_hash {{text}} NOT NULL
	)`,
	`INSERT INTO people_audit_head VALUES (1, 0, '', 0, '')`,
}
