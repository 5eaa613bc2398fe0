package match

import (
	"slices"
	"testing"

	"jobhome/kiosk"
)

func one(t *testing.T, p kiosk.Posting, ask Ask, f kiosk.Factor) kiosk.Reason {
	t.Helper()
	ask.Site, ask.Now = site, now
	all := Rank([]kiosk.Posting{p}, ask)
	if len(all) != 1 {
		t.Fatalf("%d matches", len(all))
	}
	i := slices.IndexFunc(all[0].Reasons, func(r kiosk.Reason) bool { return r.Factor == f })
	if i < 0 {
		return kiosk.Reason{}
	}
	return all[0].Reasons[i]
}

func TestOccupationsAreRelated(t *testing.T) {
	sew := kiosk.Occupation{Code: "6-05-01-03", Name: "缝纫工"}
	called := kiosk.Occupation{Code: "6-05-01-03", Name: "平车工"}
	for _, c := range []struct {
		wanted kiosk.Occupation
		code   string
		want   kiosk.Relation
		fit    kiosk.Fit
		points int
		skills string
		of     int
	}{
		{sew, "6-05-01-03", kiosk.RelationSame, kiosk.Met, 60, "", 0},
		{called, "6-05-01-03", kiosk.RelationSynonym, kiosk.Met, 60, "", 0},
		{sew, "6-05-01-02", kiosk.RelationGroup, kiosk.Partly, 30, "", 0},
		{sew, "6-05-03-00", kiosk.RelationSkills, kiosk.Partly, 8, "平车", 3},
		{sew, guard, kiosk.RelationOther, kiosk.NotMet, 0, "", 0},
		{sew, "6-05", "", kiosk.Unknown, 10, "", 0},
		{kiosk.Occupation{Code: "6-05"}, "6-05-01-03", kiosk.RelationOther, kiosk.NotMet, 0, "", 0},
	} {
		p := post("p", c.code)
		p.Occupation.Name = "缝纫工"
		r := one(t, p, Ask{Profile: kiosk.Profile{Occupation: c.wanted}}, kiosk.FactorOccupation)
		names := ""
		for _, s := range r.Skills {
			names += s.Name
		}
		if r.Relation != c.want || r.Fit != c.fit || r.Points != c.points || names != c.skills || r.Of != c.of || r.Occupation != p.Occupation {
			t.Errorf("%v and %s: %+v", c.wanted, c.code, r)
		}
	}
}

func TestExperienceCountsInSuchWorkOnly(t *testing.T) {
	for _, c := range []struct {
		trades []kiosk.Trade
		said   bool
		has    int
		asked  int
		fit    kiosk.Fit
		counts int
	}{
		{nil, false, 0, 24, "", 0}, // the question was skipped
		{nil, true, 0, 24, kiosk.NotMet, 0},
		{nil, true, 12, 24, kiosk.Partly, 12},
		{nil, true, 11, 24, kiosk.NotMet, 11},
		{nil, true, 24, 24, kiosk.Met, 24},
		{nil, true, 0, 0, kiosk.Met, 0},
		{[]kiosk.Trade{"garment"}, true, 60, 24, kiosk.Met, 60},
		{[]kiosk.Trade{"textile"}, true, 60, 24, kiosk.Met, 60}, // a neighbour
		{[]kiosk.Trade{"security"}, true, 60, 24, kiosk.NotMet, 0},
	} {
		p := post("p", sewing)
		p.Experience = c.asked
		r := one(t, p, Ask{Profile: kiosk.Profile{Trades: c.trades, Experience: c.has, ExperienceSaid: c.said}}, kiosk.FactorExperience)
		if r.Fit != c.fit || r.Has != c.counts || c.said && r.Months != c.asked {
			t.Errorf("%+v: %+v", c, r)
		}
	}
}

func TestPapers(t *testing.T) {
	courses := []kiosk.Course{{ID: "w", Gives: kiosk.WelderCert}, {ID: "f", Name: "叉车班", Gives: kiosk.ForkliftCert}}
	for _, c := range []struct {
		said           bool
		held, asked    kiosk.Certificates
		fit            kiosk.Fit
		lacking        kiosk.Certificates
		course, nearly bool
	}{
		{false, 0, kiosk.ForkliftCert, "", 0, false, false}, // the question was skipped
		{true, 0, kiosk.ForkliftCert, kiosk.NotMet, kiosk.ForkliftCert, true, true},
		{true, kiosk.HealthCert, kiosk.ForkliftCert | kiosk.HealthCert, kiosk.NotMet, kiosk.ForkliftCert, true, true},
		{true, 0, kiosk.ForkliftCert | kiosk.HealthCert, kiosk.NotMet, kiosk.ForkliftCert | kiosk.HealthCert, true, true},
		{true, 0, kiosk.NurseCert, kiosk.NotMet, kiosk.NurseCert, false, true}, // no course gives it
		{true, 0, kiosk.HealthCert, kiosk.Partly, kiosk.HealthCert, false, false},
		{true, kiosk.AllCertificates, kiosk.ForkliftCert, kiosk.Met, 0, false, false},
		{true, 0, 0, kiosk.Met, 0, false, false},
	} {
		p := post("p", clerk)
		p.Certificates = c.asked
		ask := Ask{Profile: kiosk.Profile{Certificates: c.held, CertificatesSaid: c.said}, Courses: courses}
		r := one(t, p, ask, kiosk.FactorCertificates)
		if r.Fit != c.fit || r.Lacking != c.lacking || r.Course.Known() != c.course || c.course && r.Course.ID != "f" {
			t.Errorf("%+v: %+v", c, r)
		}
		ask.Site, ask.Now = site, now
		if _, nearly := Rank([]kiosk.Posting{p}, ask)[0].Nearly(); nearly != c.nearly {
			t.Errorf("%+v is nearly: %v", c, nearly)
		}
	}
}
