package people

import "slices"

// Role is what an account is for: the tier whose work it does, or operator, the
// company or section that keeps the hub running and reads nothing personal.
type Role string

// The roles, from the widest to the narrowest, and the operator.
const (
	Province Role = "province"
	City     Role = "city"
	County   Role = "county"
	Town     Role = "town"
	Zone     Role = "zone"
	College  Role = "college"
	Village  Role = "village"
	Operator Role = "operator"
)

// Roles lists all roles in the order above.
func Roles() []Role {
	return []Role{Province, City, County, Town, Zone, College, Village, Operator}
}

// Right is one thing that an account may do, within its area.
type Right string

// The rights.
const (
	Postings  Right = "postings"  // see postings and complaints about them
	Import    Right = "import"    // take postings in
	Review    Right = "review"    // approve, send back, reject
	Publish   Right = "publish"   // make the boards now
	Revoke    Right = "revoke"    // take a posting down, close it
	Referrals Right = "referrals" // see referrals and say what became of them
	CallBacks Right = "callbacks" // see who wants to be called, and the number
	Fleet     Right = "fleet"     // see sites and terminals
	Enrol     Right = "enrol"     // enrol terminals, shut lost ones out
	Figures   Right = "figures"   // see and export the monthly evaluation
	Accounts  Right = "accounts"  // manage accounts
	Audit     Right = "audit"     // read the audit log
)

// Rights lists all rights in the order above.
func Rights() []Right {
	return []Right{
		Postings, Import, Review, Publish, Revoke, Referrals, CallBacks, Fleet, Enrol, Figures, Accounts, Audit,
	}
}

// rights is who may do what. A province reads no numbers of residents, because
// it calls nobody; an operator neither, and it makes no accounts, or it could
// make one that does. A village sees and calls, and takes nothing down.
var rights = map[Role][]Right{
	Province: {Postings, Import, Review, Publish, Revoke, Referrals, Fleet, Figures, Accounts, Audit},
	City:     {Postings, Import, Review, Publish, Revoke, Referrals, CallBacks, Fleet, Enrol, Figures, Accounts, Audit},
	County:   {Postings, Import, Review, Publish, Revoke, Referrals, CallBacks, Fleet, Enrol, Figures, Accounts},
	Town:     {Postings, Import, Revoke, Referrals, CallBacks, Fleet, Figures},
	Zone:     {Postings, Import, Review, Revoke, Referrals, CallBacks, Fleet, Figures},
	College:  {Postings, Import, Revoke, Referrals, CallBacks, Fleet, Figures},
	Village:  {Postings, Referrals, CallBacks, Fleet},
	Operator: {Postings, Import, Fleet, Enrol, Figures, Audit},
}

// May reports whether the role has the right.
func (r Role) May(right Right) bool { return slices.Contains(rights[r], right) }

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { _, ok := rights[r]; return ok }

// rank orders the roles that manage accounts: the lower one may not make or
// change accounts of the higher.
func (r Role) rank() int {
	if r == Operator {
		return len(rights)
	}
	return slices.Index(Roles(), r)
}
