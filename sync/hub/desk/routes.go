package desk

import (
	"net/http"

	"jobhome/sync/hub/people"
)

// routes is every page and every act, with who may. Nothing is served that is
// not here.
func (d *Desk) routes() []route {
	const get, post = http.MethodGet, http.MethodPost
	all := []route{
		{get, "/desk/static/desk.css", anybody, (*call).static},
		{get, "/desk/static/icon.svg", anybody, (*call).static},
		{get, "/desk/language", anybody, (*call).language},
		{get, loginPath, anybody, (*call).login},
		{post, loginPath, anybody, (*call).doLogin},
		{post, logoutPath, staff, (*call).logout},
		{get, passwordPath, staff, (*call).password},
		{post, passwordPath, staff, (*call).doPassword},
		{get, homePath + "{$}", staff, (*call).home},

		{get, uploadPath, people.Import, (*call).imports},
		{post, uploadPath, people.Import, (*call).bring},
		{get, "/desk/imports/sample.csv", people.Import, (*call).sample},
		{get, "/desk/imports/{id}", people.Import, (*call).dryRun},
		{post, "/desk/imports/{id}/mapping", people.Import, (*call).remap},
		{post, "/desk/imports/{id}/take", people.Import, (*call).take},
		{post, "/desk/imports/{id}/drop", people.Import, (*call).forget},
		{get, "/desk/imports/{id}/report.csv", people.Import, (*call).importReport},

		{get, "/desk/review", people.Review, (*call).review},
		{post, "/desk/review", people.Review, (*call).approveMany},
		{get, "/desk/postings", people.Postings, (*call).postings},
		{get, "/desk/postings/{id}", people.Postings, (*call).showPosting},
		{post, "/desk/postings/{id}/judge", people.Review, (*call).judge},
		{post, "/desk/postings/{id}/takedown", people.Revoke, (*call).takeDown},
		{get, "/desk/publish", people.Publish, (*call).boards},
		{post, "/desk/publish", people.Publish, (*call).publish},

		{get, "/desk/callbacks", people.CallBacks, (*call).callBacks},
		{post, "/desk/callbacks/{id}/claim", people.CallBacks, (*call).takeOn},
		{post, "/desk/callbacks/{id}/phone", people.CallBacks, (*call).phone},
		{post, "/desk/callbacks/{id}/finish", people.CallBacks, (*call).finish},
		{get, "/desk/referrals", people.Referrals, (*call).referrals},
		{post, "/desk/referrals/{incarnation}/{code}/outcome", people.Referrals, (*call).setOutcome},
		{get, "/desk/complaints", people.Postings, (*call).complaints},
		{post, "/desk/complaints/{posting}/{why}", people.Revoke, (*call).doSettle},
	}
	return append(all, d.officeRoutes()...)
}

// officeRoutes are the pages of terminals, figures and accounts.
func (d *Desk) officeRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/desk/sites", people.Fleet, (*call).sites},
		{post, "/desk/sites", people.Enrol, (*call).addSite},
		{get, "/desk/sites/{id}", people.Fleet, (*call).site},
		{post, "/desk/sites/{id}/enrol", people.Enrol, (*call).enrol},
		{get, "/desk/sites/{id}/sheet", people.Enrol, (*call).sheetForm},
		{post, "/desk/sites/{id}/sheet", people.Enrol, (*call).makeSheet},
		{post, "/desk/terminals/{id}/revoke", people.Enrol, (*call).shutOut},
		{get, "/desk/searches", people.Figures, (*call).searches},
		{get, "/desk/figures", people.Figures, (*call).figures},
		{get, "/desk/figures.csv", people.Figures, func(c *call) error { return c.figuresFile("csv") }},
		{get, "/desk/figures.xlsx", people.Figures, func(c *call) error { return c.figuresFile("xlsx") }},

		{get, "/desk/accounts", people.Accounts, (*call).accounts},
		{get, "/desk/accounts/new", people.Accounts, (*call).newAccount},
		{post, "/desk/accounts/new", people.Accounts, (*call).addAccount},
		{get, "/desk/accounts/{id}", people.Accounts, (*call).account},
		{post, "/desk/accounts/{id}", people.Accounts, (*call).changeAccount},
		{post, "/desk/accounts/{id}/password", people.Accounts, (*call).resetPassword},
		{get, "/desk/audit", people.Audit, (*call).audit},
		{post, "/desk/audit/verify", people.Audit, (*call).verifyAudit},
		{post, "/desk/audit/file", people.Audit, (*call).auditFile},
	}
}
