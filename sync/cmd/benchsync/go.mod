module jobhome/sync/cmd/benchsync

go 1.26.0

replace jobhome => ../../..

require (
	github.com/mattn/go-sqlite3 v1.14.53
	github.com/superfly/ltx v0.5.3
	jobhome v0.0.0
)

require (
	github.com/klauspost/compress v1.20.3 // indirect
	github.com/pierrec/lz4/v4 v4.1.23 // indirect
)
