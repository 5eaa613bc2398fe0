package kiosk

import "testing"

func TestHardFactorsAreRequirements(t *testing.T) {
	for f, want := range map[Factor]bool{
		FactorAge: true, FactorEducation: true, FactorExperience: true, FactorCertificates: true,
		FactorTrade: false, FactorOccupation: false, FactorPay: false, FactorDistance: false,
		FactorHours: false, FactorBenefits: false, FactorTerm: false, FactorNew: false,
	} {
		if f.Hard() != want {
			t.Errorf("%s is a requirement: %v", f, !want)
		}
	}
}

func TestNearly(t *testing.T) {
	lacks := Reason{
		Factor: FactorCertificates, Fit: NotMet, Certificates: ForkliftCert, Lacking: ForkliftCert,
		Course: Course{ID: "k7", Name: "叉车班", Gives: ForkliftCert},
	}
	short := Reason{Factor: FactorEducation, Fit: NotMet}
	for _, c := range []struct {
		name    string
		reasons []Reason
		want    Certificates
	}{
		{"one paper", []Reason{{Factor: FactorTrade, Fit: Met}, lacks}, ForkliftCert},
		{"wishes are none of it", []Reason{{Factor: FactorPay, Fit: NotMet}, lacks, {Factor: FactorDistance, Fit: NotMet}}, ForkliftCert},
		{"schooling too", []Reason{short, lacks}, 0},
		{"schooling too, said later", []Reason{lacks, short}, 0},
		{"nothing is lacking", []Reason{{Factor: FactorCertificates, Fit: Met}}, 0},
		{"within days", []Reason{{Factor: FactorCertificates, Fit: Partly, Lacking: HealthCert}}, 0},
		{"nothing said", nil, 0},
	} {
		m := Match{Reasons: c.reasons}
		r, ok := m.Nearly()
		if r.Lacking != c.want || ok != (c.want != 0) || ok != r.Course.Known() {
			t.Errorf("%s: nearly %v, lacking %b, want %b", c.name, ok, r.Lacking, c.want)
		}
	}
}
