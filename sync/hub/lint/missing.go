package lint

import (
	"regexp"
	"strings"

	"jobhome/kiosk"
)

var (
	agencyRE  = regexp.MustCompile(`人力资源|劳务|派遣|职业介绍|猎头|人才(?:服务|市场|网|中心)|人力外包`)
	licenceRE = regexp.MustCompile(`许可证|许可编号|人服证`)
)

// missing lists what the law wants said and the posting does not say. Whether a
// posting may be stored at all is for kiosk.Posting.Check.
func missing(p *kiosk.Posting) []Finding {
	var all []Finding
	lacks := func(is bool, r Rule, field string) {
		if is {
			all = append(all, Finding{Rule: r, Severity: Warn, Field: field})
		}
	}
	blank := func(s string) bool { return strings.TrimSpace(s) == "" }
	lacks(p.ValidThrough.IsZero(), MissingValidity, "valid_through")
	lacks(blank(p.Employer.Name), MissingEmployer, "employer.name")
	lacks(p.Area == "" || blank(p.Address) && !p.Location.Known(), MissingPlace, "address")
	lacks(blank(p.Description), MissingDuties, "description")
	lacks(p.Pay.Unit == "" || p.Pay.Unit == kiosk.Negotiable && blank(p.Pay.Original), MissingPay, "pay")
	said := p.Employer.Name + p.Description + p.Requirements + p.Contact.Rule + p.Source.Name
	lacks(agencyRE.MatchString(p.Employer.Name) && !licenceRE.MatchString(said), MissingLicence, "employer.name")
	return all
}
