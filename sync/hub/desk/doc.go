// Package desk is the hub's site for staff: plain pages made on the server that
// need no JavaScript and nothing from elsewhere. What needs doing comes first;
// from there postings are taken in, reviewed by a second person, published and
// taken down, residents are called back, terminals looked after, the month's
// figures exported.
//
// What they ask of the rest of the hub are small interfaces, in sources.go; who
// may see them, package people knows. Every page is in one table with the right that it needs, every form
// carries a token of its session, and whatever is done is written to the audit
// log before it is done.
package desk
